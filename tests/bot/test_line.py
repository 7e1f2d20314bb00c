"""The straight line: stored once, answered once, by one way."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import Engine, event, func, select
from sqlalchemy.exc import OperationalError

from bot.contracts import Intent
from bot.db.engine import reading
from bot.errors import NotStoredError
from bot.inbox import InboundMessage, ReplyVia
from bot.line import answer, receive, store
from bot.line_reply import AFTER_THE_FIRST
from bot.outbox import OutboundMessage
from bot.settings import Settings
from bot.tickets.tables import Ticket
from bot.window import PassiveWindow
from tests.bot.chat import Chat, a_line, a_push, stored
from tests.fakes import FakeNlu, SetClock

PUSH = a_push()


def in_short_parts(settings: Settings) -> Settings:
    return settings.model_copy(
        update={"wechat": settings.wechat.model_copy(update={"text_bytes": 150})}
    )


def queued(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return list(session.scalars(select(OutboundMessage.text).order_by(OutboundMessage.id)))


def test_a_reply_in_time_is_passive_and_costs_nothing(chat: Chat, stocked_engine: Engine) -> None:
    assert chat.says("老板拖欠工资咋个办")

    assert stored(stocked_engine).reply_via == ReplyVia.PASSIVE
    assert queued(stocked_engine) == []


def test_a_reply_too_late_goes_through_the_outbox(chat: Chat, stocked_engine: Engine) -> None:
    window = PassiveWindow(10)
    window.close()

    assert receive(chat.line, PUSH, window=window, render=str) is None

    assert stored(stocked_engine).reply_via == ReplyVia.OUTBOX
    assert queued(stocked_engine) == [stored(stocked_engine).reply]


def test_a_long_reply_goes_on_in_the_outbox(
    stocked_engine: Engine, settings: Settings, clock: SetClock
) -> None:
    chat = Chat(a_line(stocked_engine, in_short_parts(settings), FakeNlu(), clock))

    first = chat.says("老板拖欠工资咋个办")

    parts = [first, *queued(stocked_engine)]
    assert len(parts) > 1
    assert all(len(part.encode()) <= 150 for part in parts)
    assert stored(stocked_engine).reply == "\n".join(parts)
    assert stored(stocked_engine).passive_text == first


def test_a_repeat_returns_the_stored_reply(chat: Chat, stocked_engine: Engine) -> None:
    first = chat.says("老板拖欠工资咋个办", key="m:1")

    assert chat.says("老板拖欠工资咋个办", key="m:1") == first
    assert stored(stocked_engine).key == "m:1"


def test_a_repeat_waits_for_the_first(chat: Chat, stocked_engine: Engine) -> None:
    inbound_id = store(chat.line, PUSH)
    window = PassiveWindow(10)
    with ThreadPoolExecutor(1) as pool:
        repeat = pool.submit(receive, chat.line, PUSH, window=PassiveWindow(10), render=str)
        first = answer(chat.line, inbound_id, window=window, render=str)

        assert first is not None
        assert repeat.result() == first.passive


def test_a_repeat_takes_over_from_a_dead_process(chat: Chat, clock: SetClock) -> None:
    store(chat.line, PUSH)
    clock.move(seconds=10)

    passive = receive(chat.line, PUSH, window=PassiveWindow(10), render=str)

    assert passive is not None
    assert passive.xml


def test_a_repeat_that_may_wait_no_longer_is_acknowledged(
    chat: Chat, stocked_engine: Engine
) -> None:
    store(chat.line, PUSH)

    assert receive(chat.line, PUSH, window=PassiveWindow(0.05), render=str) is None
    assert stored(stocked_engine).answered_at is None


def test_two_who_answer_at_once_answer_once(chat: Chat, stocked_engine: Engine) -> None:
    inbound_id = store(chat.line, PUSH)

    def turn(_: int) -> bool:
        return answer(chat.line, inbound_id, window=PassiveWindow(5), render=str) is not None

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(turn, range(4))) == 1


def test_one_resident_in_parallel_has_one_live_ticket(
    stocked_engine: Engine, settings: Settings, clock: SetClock
) -> None:
    nlu = FakeNlu()
    texts = [nlu.teach(f"隔壁占了我家的路 第{n}次了", Intent.DISPUTE) for n in range(8)]
    line = a_line(stocked_engine, settings, nlu, clock)
    start = threading.Barrier(len(texts))

    def send(number: int) -> str:
        start.wait()
        return Chat(line).says(texts[number], key=f"m:{number}")

    with ThreadPoolExecutor(len(texts)) as pool:
        replies = list(pool.map(send, range(len(texts))))

    assert all(replies)
    with reading(stocked_engine) as session:
        assert session.scalar(select(func.count()).select_from(Ticket)) == 1
        linked = session.scalars(select(InboundMessage.ticket_id)).all()
    assert len(set(linked)) == 1


def test_what_cannot_be_stored_is_not_acknowledged(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> int:
        raise OperationalError("insert", {}, Exception("away"))

    monkeypatch.setattr("bot.line.keep", down)

    with pytest.raises(NotStoredError):
        receive(chat.line, PUSH, window=PassiveWindow(0.05), render=str)


def test_a_message_that_breaks_every_turn_goes_to_a_person(
    chat: Chat, stocked_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbound_id = store(chat.line, PUSH)
    monkeypatch.setattr("bot.line.TRIES_BEFORE_A_PERSON", 0)
    monkeypatch.setattr("bot.line_turn.decide", None)

    turned = answer(chat.line, inbound_id, window=PassiveWindow(5), render=str)

    assert turned is not None
    assert stored(stocked_engine).ticket_id is not None


@contextmanager
def meanwhile(engine: Engine, act: Callable[[sqlite3.Connection], object]) -> Iterator[None]:
    """Let somebody else act once the turn has read how the resident's matter stands."""
    acted: list[str] = []

    def acts(_: object, __: object, statement: str, *___: object) -> None:
        if acted or "FROM ticket LEFT OUTER JOIN" not in statement:
            return
        acted.append(statement)
        with sqlite3.connect(str(engine.url.database)) as other:
            act(other)

    event.listen(engine, "after_cursor_execute", acts)
    yield
    assert acted


def decided_anew() -> float:
    return REGISTRY.get_sample_value("yunqiao_turns_anew_total") or 0.0


def again(other: sqlite3.Connection) -> None:
    """Repeat the last event of a ticket, as of a caseworker who writes down a consent."""
    columns = [
        row[1] for row in other.execute("PRAGMA table_info(ticket_event)") if row[1] != "id"
    ]
    named = ", ".join(columns)
    other.execute(
        f"INSERT INTO ticket_event ({named}) SELECT {named} FROM ticket_event"  # noqa: S608
        " ORDER BY id DESC LIMIT 1"
    )


def test_a_turn_is_decided_anew_where_a_person_began_to_speak_meanwhile(
    chat: Chat, nlu: FakeNlu, stocked_engine: Engine
) -> None:
    chat.says(nlu.teach("来帮我看看嘛", Intent.HELP_REQUEST))

    with meanwhile(
        stocked_engine, lambda it: it.execute("UPDATE conversation SET speaker = 'person'")
    ):
        reply = chat.says("老板拖欠工资咋个办")

    assert reply == ""
    assert chat.last().reply == ""


def test_a_turn_is_decided_anew_where_something_happened_to_the_matter(
    chat: Chat, nlu: FakeNlu, stocked_engine: Engine
) -> None:
    chat.says(nlu.teach("来帮我看看嘛", Intent.HELP_REQUEST))
    before = decided_anew()

    with meanwhile(stocked_engine, again):
        reply = chat.says("老板拖欠工资咋个办")

    assert decided_anew() == before + 1
    assert reply
    assert chat.last().answered_at is not None


def test_what_follows_a_reply_waits_from_when_the_turn_could_write(
    stocked_engine: Engine, settings: Settings, clock: SetClock
) -> None:
    chat = Chat(a_line(stocked_engine, in_short_parts(settings), FakeNlu(), clock))
    began: list[datetime] = []

    def waits(_: object, __: object, statement: str, *___: object) -> None:
        if statement == "BEGIN IMMEDIATE":
            clock.move(seconds=5)
            began.append(clock())

    event.listen(stocked_engine, "before_cursor_execute", waits)
    chat.says("老板拖欠工资咋个办")

    with reading(stocked_engine) as session:
        first = session.scalars(select(func.min(OutboundMessage.not_before))).one()
    assert first == began[-1] + AFTER_THE_FIRST
