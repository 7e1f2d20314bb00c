"""The worker: what is left over is answered, what is due is sent, and nothing is sent twice."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from bot import outbox
from bot.contracts import Push
from bot.db.engine import reading, transaction
from bot.errors import SendLaterError, SendRefusedError
from bot.inbox import InboundMessage, ReplyVia
from bot.jobs import EVERY_SECONDS, LEASE, LOCK, run_due_jobs
from bot.line import receive, store
from bot.outbox import OutboundMessage, SendState
from bot.processes import Heartbeat, hold
from bot.settings import Settings
from bot.window import PassiveWindow
from bot.worker import Worker, answer_next, encode_entries, hand_over, keep_alive, send_next
from tests.bot.chat import Chat, a_line, a_push
from tests.bot.knowledge.builders import FakeEncoder, a_draft, an_entry
from tests.conftest import NOW
from tests.fakes import FakeNlu, SetClock

PUSH = a_push()


@dataclass
class FakeApi:
    """Accepts, or fails as told."""

    fails: list[Exception] = field(default_factory=list)
    sent: list[tuple[str, str, bool]] = field(default_factory=list)

    def send_text(self, openid: str, text: str, *, by_machine: bool) -> None:
        if self.fails:
            raise self.fails.pop(0)
        self.sent.append((openid, text, by_machine))


@pytest.fixture
def engine(stocked_engine: Engine) -> Engine:
    return stocked_engine


@pytest.fixture
def api() -> FakeApi:
    return FakeApi()


@pytest.fixture
def worker(engine: Engine, settings: Settings, clock: SetClock, api: FakeApi) -> Worker:
    return Worker(line=a_line(engine, settings, FakeNlu(), clock), api=api)  # type: ignore[arg-type]


def late(worker: Worker, push: Push = PUSH) -> None:
    """Receive a message whose passive window is over."""
    window = PassiveWindow(1)
    window.close()
    receive(worker.line, push, window=window, render=str)


def states(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return list(session.scalars(select(OutboundMessage.state).order_by(OutboundMessage.id)))


def test_a_late_reply_is_sent_with_its_label(worker: Worker, api: FakeApi, engine: Engine) -> None:
    late(worker)

    assert send_next(worker)
    assert not send_next(worker)
    assert states(engine) == [SendState.ACCEPTED]
    [(openid, text, by_machine)] = api.sent
    assert (openid, by_machine) == ("o-li", True)
    assert text


def test_a_busy_platform_is_asked_again_later(
    worker: Worker, api: FakeApi, engine: Engine, clock: SetClock
) -> None:
    late(worker)
    api.fails = [SendLaterError(-1, "busy")]

    assert send_next(worker)
    assert states(engine) == [SendState.QUEUED]
    assert not send_next(worker)
    clock.move(minutes=1)
    assert send_next(worker)
    assert states(engine) == [SendState.ACCEPTED]
    assert len(api.sent) == 1


def test_what_is_refused_is_never_shown_as_sent(
    worker: Worker, api: FakeApi, engine: Engine
) -> None:
    late(worker)
    api.fails = [SendRefusedError(70000, "minor")]

    send_next(worker)

    assert states(engine) == [SendState.REFUSED]


def test_a_message_left_by_a_dead_process_is_answered(
    worker: Worker, engine: Engine, clock: SetClock
) -> None:
    store(worker.line, PUSH)

    assert not answer_next(worker)
    clock.move(seconds=10)
    assert answer_next(worker)

    with reading(engine) as session:
        message = session.scalars(select(InboundMessage)).one()
    assert message.reply_via == ReplyVia.OUTBOX
    assert states(engine) == [SendState.QUEUED]


def test_a_reply_that_no_call_fetched_is_sent(
    worker: Worker, api: FakeApi, clock: SetClock
) -> None:
    Chat(worker.line).says("你好", key="m:1")

    assert not hand_over(worker)
    clock.move(seconds=30)
    assert hand_over(worker)
    assert not hand_over(worker)
    send_next(worker)

    assert len(api.sent) == 1


def test_only_the_part_that_was_not_fetched_is_sent_again(
    engine: Engine, settings: Settings, clock: SetClock, api: FakeApi
) -> None:
    short = settings.model_copy(
        update={"wechat": settings.wechat.model_copy(update={"text_bytes": 150})}
    )
    worker = Worker(line=a_line(engine, short, FakeNlu(), clock), api=api)  # type: ignore[arg-type]
    first = Chat(worker.line).says("老板拖欠工资咋个办")
    clock.move(seconds=30)

    hand_over(worker)
    while send_next(worker):
        pass

    texts = [text for _, text, _ in api.sent]
    assert first in texts
    assert len(texts) == len(set(texts))


def test_a_worker_killed_while_sending_leaves_the_message_to_the_next(
    worker: Worker, api: FakeApi, engine: Engine, clock: SetClock
) -> None:
    late(worker)
    with transaction(engine) as session:
        outbox.claim(session, now=clock(), lease=timedelta(seconds=30))

    assert not send_next(worker)
    clock.move(seconds=40)
    assert send_next(worker)

    with reading(engine) as session:
        row = session.scalars(select(OutboundMessage)).one()
    assert row.state == SendState.ACCEPTED
    assert row.doubtful
    assert len(api.sent) == 1


def test_the_worker_shows_that_it_lives(worker: Worker, engine: Engine) -> None:
    keep_alive(worker)
    keep_alive(worker)

    with reading(engine) as session:
        assert session.scalars(select(Heartbeat.at)).all() == [NOW]


def test_only_one_worker_keeps_the_timetable(worker: Worker, clock: SetClock) -> None:
    run_due_jobs(worker.line, holder="a")
    late(worker)
    clock.move(hours=25)
    with transaction(worker.line.engine) as session:
        assert hold(session, "timetable", "a", now=clock(), lease=timedelta(seconds=30))

    assert run_due_jobs(worker.line, holder="b") == 0
    clock.move(seconds=31)
    assert run_due_jobs(worker.line, holder="b") > 0


def test_new_entries_are_encoded_until_none_is_left(worker: Worker, engine: Engine) -> None:
    encoder = FakeEncoder()
    able = replace(worker, line=replace(worker.line, encoder=encoder))
    with transaction(engine) as session:
        an_entry(session, a_draft("厂里不给加班钱找哪个", variants=()))

    assert encode_entries(able)
    assert not encode_entries(able)
    assert not encode_entries(worker)
    assert "厂里不给加班钱找哪个" in encoder.asked


def test_a_dead_workers_timetable_is_taken_over_within_half_a_minute(
    worker: Worker, clock: SetClock
) -> None:
    run_due_jobs(worker.line, holder="a")

    clock.at += LEASE  # "a" died right after it had taken the timetable

    with transaction(worker.line.engine) as session:
        assert hold(session, LOCK, "b", now=clock(), lease=LEASE)
    assert LEASE + timedelta(seconds=EVERY_SECONDS) <= timedelta(seconds=30)
