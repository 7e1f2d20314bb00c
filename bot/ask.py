"""Asking the service from the command line: the whole line, on a database that is thrown away."""

import json
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot import clock
from bot.contracts import Nlu, Push
from bot.db.engine import make_engine, reading, transaction
from bot.db.migrate import migrate
from bot.errors import InvalidInputError
from bot.inbox import InboundMessage
from bot.knowledge.load import load_cards
from bot.line import Line, Turned, answer, store
from bot.people.demo import ensure_demo_staff
from bot.settings import Settings
from bot.understanding.client import RasaNlu
from bot.up.nlu import running_nlu
from bot.window import PassiveWindow
from bot.wiring import DATA, make_line, warm_up

Watch = Callable[[Nlu], Nlu]
"""Puts something that listens between the line and its NLU."""


def ask_all(settings: Settings, lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """
    Yield what the service does with each `{"id": …, "text": …}`, in order.

    Raises:
        InvalidInputError: a line is no such object; the text names the line.
    """
    with throw_away_line(settings) as line:
        for number, text in enumerate(lines, 1):
            if text.strip():
                asked = _read(number, text)
                turned, ms = answered(line, number, asked["text"])
                yield {"id": asked["id"], **_told(line, turned), "ms": round(ms, 1)}


@contextmanager
def throw_away_line(settings: Settings, *, watch: Watch | None = None) -> Iterator[Line]:
    """Yield a line on the starter content and a database of its own; *watch* wraps its NLU."""
    with running_nlu(settings) as nlu, tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'ask.sqlite3'}")
        try:
            migrate(engine)
            with transaction(engine) as session:
                load_cards(session, DATA / "knowledge" / "cards.jsonl", now=clock.now())
                ensure_demo_staff(session, settings=settings, now=clock.now())
            reads = watch(RasaNlu(nlu)) if watch else None
            served = settings.model_copy(update={"nlu": nlu})
            line = make_line(served, engine=engine, nlu=reads)
            warm_up(line)
            yield line
        finally:
            engine.dispose()


def answered(line: Line, number: int, text: str) -> tuple[Turned, float]:
    """Send *text* as the first message of resident *number*; return the turn and its ms."""
    started = time.perf_counter()
    push = Push(
        key=f"ask:{number}",
        kind="text",
        openid=f"ask-{number}",
        account_id="ask",
        sent_at=line.now(),
        msg_id=str(number),
        text=text,
    )
    turned = answer(line, store(line, push), window=PassiveWindow(60), render=lambda reply: reply)
    ms = (time.perf_counter() - started) * 1000
    if turned is None:
        msg = f"line {number} was answered by somebody else"
        raise InvalidInputError(msg)
    return turned, ms


def _told(line: Line, turned: Turned) -> dict[str, Any]:
    understood = turned.reading.understanding
    with reading(line.engine) as session:
        message = session.get_one(InboundMessage, turned.inbound_id)
    return {
        "intent": understood.intent,
        "confidence": round(understood.confidence, 4),
        "topic": understood.topic,
        "urgency": understood.urgency,
        "action": turned.outcome.action,
        "entries": [
            {"id": hit.entry_id, "score": round(hit.score, 4)} for hit in turned.outcome.hits
        ],
        "entities": dict(understood.entities),
        "reply": message.reply,
    }


def _read(number: int, text: str) -> dict[str, Any]:
    try:
        asked = json.loads(text)
    except ValueError:
        asked = None
    if not isinstance(asked, dict) or not isinstance(asked.get("text"), str) or "id" not in asked:
        msg = f'line {number}: expected {{"id": …, "text": "…"}}'
        raise InvalidInputError(msg)
    return asked
