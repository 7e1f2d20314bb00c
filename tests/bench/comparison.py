"""Our NLU and search beside Rasa's, one after the other on the same cores."""

import sys
from dataclasses import dataclass
from typing import Any

from bot.knowledge.load import read_cards
from tests.bench import answers, heldout, intents, machine
from tests.bench.models import trained
from tests.bench.recipes import (
    EPOCHS,
    NLU,
    RASA,
    ROOT,
    SELECTOR_EPOCHS,
    intent_examples,
    ours,
    stock_answers,
    stock_intents,
)
from tests.bench.served import rasa, thin

CARDS = ROOT / "data" / "knowledge" / "cards.jsonl"


@dataclass(frozen=True, slots=True)
class Wanted:
    """How much is to be measured."""

    epochs: int = EPOCHS
    messages: int | None = None
    """Only the first so many; None: all."""
    starts: int = intents.STARTS


def compare(wanted: Wanted) -> dict[str, Any]:
    """Train what is not kept from an earlier run, measure, and return the figures for JSON."""
    examples, cards = intent_examples(NLU / "data"), read_cards(CARDS)
    models = {
        "ours": trained(ours("ours", vectors=True)),
        "words": trained(ours("ours-words", vectors=False)),
        "rasa": trained(stock_intents(examples, epochs=wanted.epochs)),
    }
    selector = trained(stock_answers(cards))
    phrasings = [text for card in cards.values() for text in (card.question, *card.variants)]
    unseen = heldout.messages(trained_on=[*(text for text, _ in examples), *phrasings])
    messages = unseen[: wanted.messages]
    questions = [message for message in messages if message.is_question]
    measured: dict[str, Any] = {
        "machine": machine.described(),
        "rasa": RASA,
        "epochs": wanted.epochs,
        "selector_epochs": SELECTOR_EPOCHS,
        "examples": len(examples),
        "entries": len(cards),
        "phrasings": len(phrasings),
        "intents": {},
    }
    for side, model in models.items():
        _tell(f"measuring {side}")
        serve = rasa if side == "rasa" else thin
        measured["intents"][side] = intents.measure(model, serve, messages, starts=wanted.starts)
    _tell("measuring answers")
    with thin(models["ours"].archive) as server:
        measured["answers"] = answers.of_ours(server, questions)
    measured["answers"]["rasa"] = answers.of_rasa(selector, questions)
    return measured


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201 (this is a command)
