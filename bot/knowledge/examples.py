"""Questions whose right entry is known, for measuring the search and its confidence."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.contracts import Hit
from bot.knowledge.documents import Document
from bot.knowledge.drafts import Draft
from bot.knowledge.index import Index

DATA = Path(__file__).parents[2] / "data" / "knowledge"
FOLDS = 6


@dataclass(frozen=True, slots=True)
class Example:
    """One question, put to an index that has never seen it."""

    kind: str
    """`variant`, `removed`, `question`, `unanswerable` or `chat`."""
    index: Index
    text: str
    gold: frozenset[str]
    """Entries that answer it; empty: none does."""
    hidden: tuple[int, ...]
    """Positions taken out of the index for this question."""
    group: int
    """Examples of one group are never parted between fitting and measuring."""


def documents(cards: dict[str, Draft]) -> list[Document]:
    """Return the cards as the index wants them."""
    return [
        Document(
            Hit(entry_id, 0, card.topic, card.question, card.answer, card.sources, 0.0),
            variants=card.variants,
            subject=card.subject,
            scope=card.scope,
        )
        for entry_id, card in cards.items()
    ]


def held_out(cards: dict[str, Draft]) -> Iterator[Example]:
    """
    Yield each of the first six phrasings of each card twice: held out, and unanswerable.

    The second time the card itself is hidden, so that nothing found is right.
    """
    everything = documents(cards)
    for fold in range(FOLDS):
        index = Index([_without(document, fold) for document in everything])
        for at, document in enumerate(everything):
            if fold >= len(document.variants):
                continue
            text, gold = document.variants[fold], frozenset([document.hit.entry_id])
            yield Example("variant", index, text, gold, (), at)
            yield Example("removed", index, text, frozenset(), (at,), at)


def labelled(cards: dict[str, Draft], path: Path = DATA / "questions.jsonl") -> list[Example]:
    """Return residents' messages with the entries that answer them, as people marked them."""
    index = Index(documents(cards))
    lines = map(json.loads, path.read_text("utf-8").splitlines())
    return [
        Example(_kind(line), index, line["text"], frozenset(line["entries"]), (), number)
        for number, line in enumerate(lines)
    ]


def _kind(line: dict[str, Sequence[str]]) -> str:
    if line["entries"]:
        return "question"
    return "chat" if line["topic"] == "none" else "unanswerable"


def _without(document: Document, fold: int) -> Document:
    kept = tuple(text for at, text in enumerate(document.variants) if at != fold)
    return replace(document, variants=kept)
