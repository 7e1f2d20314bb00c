"""How well questions are answered: our search beside Rasa's ResponseSelector."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from pydantic import SecretStr

from bot.ask import throw_away_line
from bot.conversation.finding import find_answer, with_vector
from bot.db.engine import reading, transaction
from bot.evaluation.shares import percentiles, share
from bot.knowledge.encode import encode_missing
from bot.line import Line
from bot.settings import Settings, load_settings
from bot.understanding.client import RasaNlu
from bot.understanding.reader import Reading
from tests.bench.heldout import Message
from tests.bench.models import Trained
from tests.bench.served import Caller, Server, rasa

WARM_UP = 10
RANKED = 3
Find = Callable[[str], list[str]]
"""Returns the entries that may answer a text, best first."""


def of_ours(server: Server, questions: Sequence[Message]) -> dict[str, dict[str, Any]]:
    """Measure our search by words alone, and as the service uses it with the NLU's answer."""
    settings = _asking(server)
    with throw_away_line(settings) as line:
        nlu = RasaNlu(settings.nlu)
        try:
            words = _measure(lambda text: _by_words(line, text), questions)
            _encode_all(line, nlu)
            return {"words": words, "ours": _measure(lambda t: _in_use(line, nlu, t), questions)}
        finally:
            nlu.close()


def of_rasa(trained: Trained, questions: Sequence[Message]) -> dict[str, Any]:
    """Measure the ResponseSelector behind Rasa's server."""
    with rasa(trained.archive) as server:
        caller = Caller(server.port, server.token)
        try:
            found = _measure(lambda text: _selected(caller.ask(text)), questions)
        finally:
            caller.close()
        memory = round(server.memory_mb)
    return {**found, "memory_mb": memory, "training": asdict(trained.training)}


def _measure(find: Find, questions: Sequence[Message]) -> dict[str, Any]:
    for message in questions[:WARM_UP]:
        find(message.text)
    found, spent = [], []
    for message in questions:
        began = time.perf_counter()
        found.append(find(message.text))
        spent.append((time.perf_counter() - began) * 1000)
    times = percentiles(spent)
    return {
        "questions": len(questions),
        "hit@1": hits(questions, found, within=1),
        "hit@3": hits(questions, found, within=RANKED),
        "p50_ms": times.p50,
        "p99_ms": times.p99,
    }


def hits(questions: Sequence[Message], found: Sequence[Sequence[str]], *, within: int) -> float:
    """Return the share of questions with an entry that answers them among the first *within*."""
    pairs = zip(questions, found, strict=True)
    return share(bool(message.gold & set(ids[:within])) for message, ids in pairs).rate or 0.0


def _by_words(line: Line, text: str) -> list[str]:
    with reading(line.engine) as session:
        found = line.tools.knowledge.find(session, text, today=line.now().date())
    return [hit.entry_id for hit in found.hits]


def _in_use(line: Line, nlu: RasaNlu, text: str) -> list[str]:
    """As a message that is taken for a question: read, given a vector where needed, searched."""
    today = line.now().date()
    read = Reading(nlu.understand(text, now=line.now(), within_ms=None), None)
    knowledge = line.tools.knowledge
    read, _ = with_vector(
        read, text, knowledge, nlu, today=today, area="", opened=lambda: reading(line.engine)
    )
    with reading(line.engine) as session:
        found = find_answer(session, text, knowledge, read, today=today, area="")
    return [hit.entry_id for hit in found.hits]


def _selected(body: bytes) -> list[str]:
    ranking = json.loads(body)["response_selector"]["faq"]["ranking"]
    return [str(one["intent_response_key"]).removeprefix("faq/") for one in ranking]


def _encode_all(line: Line, nlu: RasaNlu) -> None:
    """Make the vectors that are not shipped, as the worker does in the background."""
    while encode_missing(lambda: transaction(line.engine), nlu):
        pass
    with reading(line.engine) as session:
        line.tools.knowledge.refresh(session)


def _asking(server: Server) -> Settings:
    settings = load_settings()
    nlu = {"urls": (server.url,), "token": SecretStr(server.token), "deadline_ms": 10_000}
    return settings.model_copy(update={"nlu": settings.nlu.model_copy(update=nlu)})
