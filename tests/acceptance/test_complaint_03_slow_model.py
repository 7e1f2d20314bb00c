"""Complaint 3: an answer of a slow model is lost after WeChat's five seconds."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler

import pytest
from sqlalchemy import Engine

from bot import inbox
from bot.contracts import Push, Understanding
from bot.db.engine import transaction
from bot.inbox import LEFT_OVER_LEASE
from bot.line import TRIES_BEFORE_A_PERSON, store
from bot.settings import Nlu, Settings
from bot.understanding.client import RasaNlu
from bot.wiring import warm_up
from bot.worker import Worker, answer_next, send_next
from handlers.web.app import make_app
from tests.acceptance.parallel import live_tickets, said
from tests.bot.chat import a_line
from tests.bot.understanding.a_server import a_server
from tests.bot.wechat import platform
from tests.conftest import NOW
from tests.fakes import FakeNlu, FakeWeChat, SetClock
from tests.handlers.web.conftest import Phone

STALL = 60
ACKNOWLEDGED_WITHIN = 5  # seconds: then WeChat hangs up
QUESTION = "老板拖欠工资咋个办"
HELP = "帮我去找老板要工钱"


@pytest.fixture
def over() -> Iterator[threading.Event]:
    """Set when the test ends, so that nobody waits for the whole minute."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def ours(settings: Settings) -> Settings:
    return settings.model_copy(update={"wechat": platform.settings()})


class StallingNlu(FakeNlu):
    """Stands still for a minute, then understands."""

    def __init__(self, over: threading.Event) -> None:
        super().__init__()
        self.over = over
        self.asked = 0

    def understand(
        self,
        text: str,
        *,
        now: datetime,
        within_ms: int | None = None,
        by_words: bool = False,
    ) -> Understanding:
        self.asked += 1
        self.over.wait(STALL)
        return super().understand(text, now=now, within_ms=within_ms, by_words=by_words)


def test_a_model_that_stalls_a_minute_holds_nobody_up(
    stocked_engine: Engine, ours: Settings, over: threading.Event
) -> None:
    def stall(handler: BaseHTTPRequestHandler) -> None:
        over.wait(STALL)
        handler.close_connection = True

    with a_server(stall) as server:
        nlu = RasaNlu(Nlu(urls=(server.url,), deadline_ms=ours.nlu.deadline_ms))
        clock = SetClock()
        line = a_line(stocked_engine, ours, nlu, clock)  # type: ignore[arg-type]
        warm_up(line)  # as the public process does before it takes its first message
        phone = Phone(make_app(ours, line).test_client(), clock)
        began = time.monotonic()
        reply = phone.says(QUESTION)
        took = time.monotonic() - began
        asked = len(server.asked)
        over.set()
        nlu.close()

    assert asked == 1
    assert took < ACKNOWLEDGED_WITHIN
    assert "12333" in reply


def test_what_is_understood_too_late_arrives_all_the_same(
    stocked_engine: Engine, ours: Settings, over: threading.Event
) -> None:
    impatient = ours.wechat.model_copy(update={"passive_seconds": 0.2})
    ours = ours.model_copy(update={"wechat": impatient})
    clock, nlu, api = SetClock(), StallingNlu(over), FakeWeChat()
    line = a_line(stocked_engine, ours, nlu, clock)
    phone = Phone(make_app(ours, line).test_client(), clock)

    acknowledged = phone.says(QUESTION)
    over.set()

    assert acknowledged == "success"
    until(lambda: said(stocked_engine))
    send_next(Worker(line=line, api=api))  # type: ignore[arg-type]
    [(_, text, _)] = api.sent
    assert "12333" in text


def test_where_every_reading_dies_in_the_middle_a_person_is_called(
    stocked_engine: Engine, ours: Settings, over: threading.Event
) -> None:
    clock, nlu, api = SetClock(), StallingNlu(over), FakeWeChat()
    worker = Worker(line=a_line(stocked_engine, ours, nlu, clock), api=api)  # type: ignore[arg-type]
    push = Push("m:1", "text", "o-li", "gh_1", NOW, msg_id="1", text=HELP)
    store(worker.line, push)
    for _ in range(TRIES_BEFORE_A_PERSON):  # taken over from one that died, and dies as well
        clock.at += LEFT_OVER_LEASE
        with transaction(stocked_engine) as session:
            assert inbox.next_leftover(session, now=clock())
    clock.at += LEFT_OVER_LEASE

    assert answer_next(worker)
    send_next(worker)

    [ticket] = live_tickets(stocked_engine)
    [(_, text, _)] = api.sent
    assert ticket.number in text
    assert nlu.asked == 0


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
