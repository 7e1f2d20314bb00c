"""Two things asked in one message are read one after the other."""

import pytest
from sqlalchemy import select

from bot import wording
from bot.contracts import Action, Intent
from bot.conversation.tables import AnswerGiven
from bot.db.engine import reading
from bot.tickets.tables import Ticket
from tests.bot.chat import Chat
from tests.fakes import FakeNlu, SetClock

BOTH = "老板拖欠工资咋个办，居住证到期咋个续"


@pytest.fixture
def offer(chat: Chat, nlu: FakeNlu) -> str:
    return chat.says(nlu.teach(BOTH, Intent.POLICY_QUESTION))


def marks(chat: Chat) -> list[bool | None]:
    with reading(chat.line.engine) as session:
        return list(session.scalars(select(AnswerGiven.useful).order_by(AnswerGiven.id)))


def test_both_are_offered_and_nothing_else(offer: str) -> None:
    head, *lines = offer.splitlines()[:4]

    assert head == wording.OFFER_SEVERAL
    assert "工资" in lines[0]
    assert "居住证" in lines[1]
    assert lines[2] == f"3 {wording.OFFER_NONE}"


@pytest.mark.parametrize(("first", "second"), [("1", "2"), ("2", "1"), ("第二个", "第一个")])
def test_the_numbers_stand_for_what_else_was_asked(
    chat: Chat, offer: str, first: str, second: str
) -> None:
    assert offer
    about = {"1": "工资", "第一个": "工资", "2": "居住证", "第二个": "居住证"}
    left = "1" if about[second] == "工资" else "2"

    one = chat.says(first)
    other = chat.says(second)

    assert about[first] in one
    assert one.endswith(wording.MACHINE_LINE_OTHERS.format(numbers=left))
    assert about[second] in other
    assert other.endswith(wording.MACHINE_LINE)
    assert marks(chat) == [None, None]


def test_the_last_one_read_is_marked_by_number(chat: Chat, offer: str) -> None:
    assert offer
    chat.says("1")
    chat.says("2")

    assert chat.says("1") == wording.USEFUL_NOTED
    assert marks(chat) == [None, True]


def test_before_that_a_mark_is_said_in_words_and_the_list_stays(chat: Chat, offer: str) -> None:
    assert offer
    chat.says("1")

    assert chat.says("没用") == wording.USELESS_NOTED
    assert "居住证" in chat.says("2")
    assert marks(chat) == [False, None]


def test_none_of_it_goes_to_a_person_with_the_whole_message(chat: Chat, offer: str) -> None:
    assert offer
    chat.says("1")
    chat.says("3")

    with reading(chat.line.engine) as session:
        assert session.scalars(select(Ticket.summary)).all() == [BOTH]


def test_another_question_in_between_is_answered(chat: Chat, offer: str) -> None:
    assert offer
    chat.says("1")

    chat.says("低保怎么申请")

    assert chat.last().action == Action.ANSWER


def test_after_a_while_the_numbers_mean_nothing(chat: Chat, offer: str, clock: SetClock) -> None:
    assert offer
    chat.says("1")
    clock.move(hours=2)

    assert chat.says("2") == wording.NOTHING_SAID
