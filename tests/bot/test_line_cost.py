"""What one message may cost the database: statements, with each BEGIN, and commits."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine, event

from bot.contracts import Intent
from bot.db.engine import reading
from bot.knowledge.search import KnowledgeSearch
from bot.line import Line
from bot.line_turn import RESTS_ON
from bot.settings import Settings
from bot.workdays import current
from tests.bot.chat import Chat, a_line
from tests.conftest import BOTH_STOCKED
from tests.fakes import FakeNlu, SetClock

QUESTION = "老板拖欠工资咋个办"
GREETING = "您好，在不在"
DISPUTE = "隔壁占了我家的路"
PLEA = "他们今天又来了"
DANGER = "我不想活了，想去跳楼"
LOOKS = {"sqlite": 2, "postgresql": 0}
"""What a turn rests on is read before it decides, and again once the file is locked."""
COSTS = {
    "a policy question": 10,
    "chat": 8,
    "a plea on a live ticket": 10,
    "a question beside a live ticket": 10,
    # The router reads who is there, what each has and what waits; ticket, clocks, events,
    # notice and search index are rows of their own.
    "a new ticket": 31,
    "a crisis": 34,
    "the crisis goes on": 10,
    "a redelivery": 6,
}


@pytest.fixture
def engine(stocked_engine: Engine) -> Engine:
    return stocked_engine


class Meter:
    """Counts what this thread sends to the database."""

    def __init__(self, engine: Engine) -> None:
        self.statements, self.commits, self._thread = 0, 0, threading.get_ident()
        event.listen(engine, "before_cursor_execute", self._statement)
        event.listen(engine, "commit", self._commit)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "checkout", self._trace)
        else:  # there BEGIN is a statement like any other
            event.listen(engine, "begin", self._statement)

    def _statement(self, *_: object) -> None:
        self.statements += threading.get_ident() == self._thread

    def _trace(self, connection: sqlite3.Connection, *_: object) -> None:
        connection.set_trace_callback(self._look)

    def _look(self, statement: str) -> None:
        """Count what the driver is asked for past SQLAlchemy."""
        if statement.startswith(RESTS_ON[:60]):
            self._statement()

    def _commit(self, *_: object) -> None:
        self.commits += 1

    def of(self, act: Callable[[], object]) -> tuple[int, int]:
        """Return the statements and commits of *act*."""
        self.statements = self.commits = 0
        act()
        return self.statements, self.commits


@pytest.fixture
def line(engine: Engine, settings: Settings) -> Iterator[Line]:
    """A line as in a process that serves: index and calendar are renewed beside it."""
    nlu = FakeNlu()
    nlu.teach(GREETING, Intent.GREETING)
    nlu.teach(DISPUTE, Intent.DISPUTE)
    nlu.teach(PLEA, Intent.HELP_REQUEST)
    made = a_line(engine, settings, nlu, SetClock())
    knowledge = KnowledgeSearch()
    with reading(engine) as session:
        knowledge.refresh(session)
    knowledge.watch(lambda: reading(engine))
    current.renew(engine, lambda: reading(engine))
    yield replace(made, tools=replace(made.tools, knowledge=knowledge))
    knowledge.close()


@BOTH_STOCKED
def test_no_message_costs_more_than_is_written_here(engine: Engine, line: Line) -> None:
    asks, pleads, suffers = (Chat(line, openid) for openid in ("o-asks", "o-pleads", "o-suffers"))
    for chat in (asks, pleads, suffers):
        chat.says(GREETING)  # the second message of a resident is the usual one
    Chat(line, "o-first").says(DISPUTE)  # the month has its first number
    meter = Meter(engine)

    found = {
        "a policy question": meter.of(lambda: asks.says(QUESTION)),
        "chat": meter.of(lambda: asks.says(GREETING, key="m:again")),
        "a redelivery": meter.of(lambda: asks.says(GREETING, key="m:again")),
        "a new ticket": meter.of(lambda: pleads.says(DISPUTE)),
        "a plea on a live ticket": meter.of(lambda: pleads.says(PLEA)),
        "a question beside a live ticket": meter.of(lambda: pleads.says(QUESTION)),
        "a crisis": meter.of(lambda: suffers.says(DANGER)),
        "the crisis goes on": meter.of(lambda: suffers.says(DANGER)),
    }

    most = {what: cost + LOOKS[engine.dialect.name] for what, cost in COSTS.items()}
    most["a redelivery"] = COSTS["a redelivery"]
    assert {what: cost[0] for what, cost in found.items() if cost[0] > most[what]} == {}
    assert {cost[1] for what, cost in found.items() if what != "a redelivery"} == {2}
    assert found["a redelivery"][1] == 0
