"""What a message costs in a young installation and in one with years behind it."""

import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import Engine, bindparam, text

from bot.contracts import Intent
from bot.db.engine import engine_at, reading, transaction
from bot.db.migrate import migrate
from bot.db.types import UTCDateTime
from bot.knowledge.load import load_cards
from bot.knowledge.search import KnowledgeSearch
from bot.line import Line
from bot.settings import Service, Settings, WeChat
from bot.workdays import current
from tests.bench.phone import piles, texts
from tests.bot.chat import Chat, a_line
from tests.builders import a_caseworker, a_resident
from tests.chaos.services import Postgres
from tests.conftest import CARDS, NOW
from tests.fakes import FakeNlu, SetClock

SIZES = ((10_000, 1_000), (1_000_000, 100_000))
"""Messages, and residents with a ticket each, that are there already."""
CASEWORKERS = 30
WARM_UP, ASKED = 60, 300
_FILL = (
    """
INSERT INTO resident (openid, alias, following, scene, area_code, created_at, last_inbound_at)
SELECT 'x:' || i, 'B' || i, true, '', '', :at, :at FROM {numbers}
""",
    """
INSERT INTO ticket (number, resident_id, state, state_at, intent, topic, service, urgency, level,
  lane, strand, area_code, summary, facts, assignee_id, reason, opened_at, reply_due_at,
  last_resident_at, close_code, outcome, reopened, hand_backs, extension_pending, version)
SELECT 'B-' || i, i, CASE WHEN i % 30 = 0 THEN 'in_progress' ELSE 'closed' END, :at,
  'help_request', 'wages', 'legal', 'normal', 'ordinary', '', 0, '', :said, '{{}}',
  1 + i % :staff, '', :at, :at, :at, CASE WHEN i % 30 = 0 THEN NULL ELSE 'solved' END, '', 0, 0,
  false, 1
FROM {numbers}
""",
    """
INSERT INTO inbound_message (key, resident_id, kind, msg_id, text, details, sent_at, received_at,
  lease_until, attempts, answered_at, intent, topic, urgency, action, understood_by, reply,
  reply_xml, passive_text, reply_via, handed_at)
SELECT 'old:' || i, 1 + i % :residents, 'text', '', :said, '{{}}', :at, :at, :at, 1, :at,
  'policy_question', 'wages', 'normal', 'answer', 'nlu', :reply, '', '', 'passive', :at
FROM {numbers}
""",
)
_NUMBERS = {
    "sqlite": "(WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < :many)"
    " SELECT i FROM n)",
    "postgresql": "generate_series(1, :many) AS i",
}


@dataclass(frozen=True, slots=True)
class Cost:
    """What one of the next messages took, without the NLU."""

    messages: int
    tickets: int
    processor_ms: float
    median_ms: float


def measure_growth(database: str) -> list[Cost]:
    """Fill a database of each of the sizes and write to it."""
    return [_measured(database, messages, tickets) for messages, tickets in SIZES]


def as_text(database: str, found: Sequence[Cost]) -> str:
    """Return the figures as a table."""
    lines = [f"\na message among many, {database}"]
    for cost in found:
        there = f"{cost.messages:>9,} messages, {cost.tickets:>7,} tickets"
        lines.append(
            f"{there}: processor {cost.processor_ms:.1f} ms, median {cost.median_ms:.1f} ms"
        )
    return "\n".join(lines)


def _measured(database: str, messages: int, tickets: int) -> Cost:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="growth-")))
        folder.chmod(0o755)
        url = f"sqlite:///{folder / 'grown.sqlite3'}"
        if database == "postgresql":
            postgres = Postgres.create(folder / "postgres")
            stack.callback(postgres.kill)
            url = postgres.url
        engine = stack.enter_context(engine_at(url))
        migrate(engine)
        line = stack.enter_context(_line(engine, folder))
        _fill(engine, messages, tickets)
        return Cost(messages, tickets, *_asked(line))


@contextmanager
def _line(engine: Engine, folder: Path) -> Iterator[Line]:
    """A line that knows what its messages mean; index and calendar are as where it serves."""
    wechat = WeChat(
        token=SecretStr("a-bench-token"),
        aes_key=SecretStr("k" * 43),
        app_id="wx0123456789abcdef",
        app_secret=SecretStr("a-bench-secret"),
    )
    settings = Settings(service=Service(data_dir=folder / "var"), wechat=wechat)
    nlu, knowledge = FakeNlu(), KnowledgeSearch()
    for intent, said in piles().items():
        for each in said:
            nlu.teach(each, Intent(intent))
    with transaction(engine) as session:
        load_cards(session, CARDS, now=NOW)
        for _ in range(CASEWORKERS):
            a_caseworker(session)
    line = a_line(engine, settings, nlu, SetClock())
    with reading(engine) as session:
        knowledge.refresh(session)
    knowledge.watch(lambda: reading(engine))
    current.renew(engine, lambda: reading(engine))
    yield replace(line, tools=replace(line.tools, knowledge=knowledge))
    knowledge.close()


def _fill(engine: Engine, messages: int, tickets: int) -> None:
    at = NOW - timedelta(days=200)
    said = {
        "said": "老板差我三个月工资，一直不给，打电话也不接",
        "reply": "可以打12333投诉。" * 12,
    }
    many = (tickets, tickets, messages)
    with transaction(engine) as session:
        # The first of them write again, and are found by their sealed names.
        for number in range(WARM_UP + ASKED):
            a_resident(session, openid=f"o-old-{number}")
        for statement, rows in zip(_FILL, many, strict=True):
            numbers = _NUMBERS[engine.dialect.name]
            values = {"at": at, "many": rows, "residents": tickets, "staff": CASEWORKERS, **said}
            written = text(statement.format(numbers=numbers))
            session.execute(written.bindparams(bindparam("at", type_=UTCDateTime())), values)
        if engine.dialect.name == "postgresql":
            session.execute(text("ANALYZE"))  # as its own upkeep does within minutes


def _asked(line: Line) -> tuple[float, float]:
    """Return processor and median milliseconds of messages by residents who are known."""
    words, each, began = texts(3), list[float](), 0.0
    for number in range(WARM_UP + ASKED):
        if number == WARM_UP:
            began, each = time.thread_time(), []
        started = time.perf_counter()
        Chat(line, f"o-old-{number}").says(next(words), key=f"new:{number}")
        each.append((time.perf_counter() - started) * 1000)
    return (time.thread_time() - began) * 1000 / ASKED, statistics.median(each)
