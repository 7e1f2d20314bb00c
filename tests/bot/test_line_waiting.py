"""Whose turn it is: in a rush, and behind earlier messages of the same resident."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Engine, select

from bot import inbox
from bot.contracts import Understanding
from bot.db.engine import reading, transaction
from bot.inbox import InboundMessage
from bot.line import answer, receive, store
from bot.places import Places
from bot.settings import Settings
from bot.window import PassiveWindow
from tests.bot.chat import Chat, a_line, a_push, stored
from tests.conftest import NOW
from tests.fakes import FakeNlu, SetClock

PUSH = a_push()


def full(chat: Chat) -> Chat:
    return Chat(replace(chat.line, places=Places(0)))


def test_where_all_places_are_taken_a_message_is_kept_for_a_worker(
    chat: Chat, stocked_engine: Engine
) -> None:
    window = PassiveWindow(10)

    assert receive(full(chat).line, PUSH, window=window, render=str) is None
    assert window.stored
    with transaction(stocked_engine) as session:
        assert inbox.next_leftover(session, now=NOW) == stored(stocked_engine).id


class Busy(Places):
    """Whose turn does not come."""

    def _comes(self, within: float) -> bool:
        return False


def test_a_message_whose_turn_does_not_come_is_left_to_a_worker_but_danger_runs(
    chat: Chat, stocked_engine: Engine
) -> None:
    busy = Chat(replace(chat.line, places=Busy()))

    assert receive(busy.line, PUSH, window=PassiveWindow(10), render=str) is None
    with transaction(stocked_engine) as session:
        assert inbox.next_leftover(session, now=NOW) == stored(stocked_engine).id
    assert "12356" in busy.says("我不想活了 药都买好了", key="m:2")


@dataclass
class WordsOnly(FakeNlu):
    """Notes whether words had to do."""

    by_words: list[bool] = field(default_factory=list)

    def understand(
        self,
        text: str,
        *,
        now: datetime,
        within_ms: int | None = None,
        by_words: bool = False,
    ) -> Understanding:
        self.by_words.append(by_words)
        return super().understand(text, now=now, within_ms=within_ms)


class Crowded(Places):
    """Where many wait."""

    crowded = True


def test_where_many_wait_words_have_to_do(
    stocked_engine: Engine, settings: Settings, clock: SetClock
) -> None:
    nlu = WordsOnly()
    line = a_line(stocked_engine, settings, nlu, clock)

    Chat(line).says("居住证咋个办", key="m:1")
    Chat(replace(line, places=Crowded())).says("居住证咋个办", key="m:2")

    assert nlu.by_words == [False, True]


def test_danger_is_answered_at_once_where_all_places_are_taken(chat: Chat) -> None:
    assert "12356" in full(chat).says("我不想活了 药都买好了")


def test_a_repeat_waits_for_nobody_where_all_places_are_taken(chat: Chat) -> None:
    first = chat.says("老板拖欠工资咋个办", key="m:1")
    store(chat.line, a_push("m:2"))

    assert full(chat).says("老板拖欠工资咋个办", key="m:1") == first
    assert full(chat).says("你好", key="m:2") == ""


def test_a_message_waits_while_the_one_before_it_is_in_work(
    chat: Chat, stocked_engine: Engine
) -> None:
    first = store(chat.line, a_push("m:1"))
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(
            receive, chat.line, a_push("m:2"), window=PassiveWindow(10), render=str
        )
        answer(chat.line, first, window=PassiveWindow(10), render=str)

        assert second.result()


def test_a_message_is_left_to_a_worker_where_the_one_before_it_is(
    chat: Chat, stocked_engine: Engine
) -> None:
    receive(full(chat).line, a_push("m:1"), window=PassiveWindow(10), render=str)

    assert chat.says("老板拖欠工资咋个办", key="m:2") == ""
    assert "12356" in chat.says("我不想活了 药都买好了", key="m:3")
    with reading(stocked_engine) as session:
        answered = select(InboundMessage.key).where(InboundMessage.answered_at.is_not(None))
        assert session.scalars(answered).all() == ["m:3"]


def test_a_message_that_waited_in_vain_is_left_untried(chat: Chat, stocked_engine: Engine) -> None:
    store(chat.line, a_push("m:1"))
    window = PassiveWindow(0.05)

    assert receive(chat.line, a_push("m:2"), window=window, render=str) is None
    with reading(stocked_engine) as session:
        second = session.scalars(select(InboundMessage).where(InboundMessage.key == "m:2")).one()
    assert (second.attempts, second.lease_until) == (0, NOW)
