"""A question and a quarrel, or a plea, in one message."""

import re

from sqlalchemy import select

from bot import wording
from bot.contracts import Action, Intent
from bot.conversation.tables import AnswerGiven
from bot.db.engine import reading
from bot.tickets.tables import Ticket
from tests.bot.chat import Chat
from tests.fakes import FakeNlu

WAGES = "老板拖欠工资咋个办"
UNSURE = "低保"
PLEA = "低保的事"
NUMBER = re.compile(r"2603-\d{4}")


def tickets(chat: Chat) -> list[Ticket]:
    with reading(chat.line.engine) as session:
        return list(session.scalars(select(Ticket)))


def teach(nlu: FakeNlu, text: str, first: Intent, second: Intent | None) -> str:
    return nlu.teach(text, first, second_intent=second, topic="wages")


def test_a_quarrel_is_registered_and_its_question_answered_at_once(
    chat: Chat, nlu: FakeNlu
) -> None:
    reply = chat.says(teach(nlu, WAGES, Intent.DISPUTE, Intent.POLICY_QUESTION))

    assert reply.index("已经登记") < reply.index("12333")
    assert "出处：" in reply
    assert len(reply) <= 600
    assert chat.last().action == Action.TICKET


def test_a_question_nobody_is_sure_of_is_left_to_the_caseworker_in_one_line(
    chat: Chat, nlu: FakeNlu
) -> None:
    reply = chat.says(teach(nlu, PLEA, Intent.HELP_REQUEST, Intent.POLICY_QUESTION))

    assert NUMBER.search(reply)
    assert reply.endswith(wording.TICKET_QUESTION)
    assert "回数字" not in reply


def test_a_matter_without_a_question_promises_no_answer(chat: Chat, nlu: FakeNlu) -> None:
    reply = chat.says(teach(nlu, PLEA, Intent.HELP_REQUEST, None))

    assert wording.TICKET_QUESTION not in reply


def test_a_question_with_a_quarrel_is_answered_and_nothing_opened_unasked(
    chat: Chat, nlu: FakeNlu
) -> None:
    reply = chat.says(teach(nlu, WAGES, Intent.POLICY_QUESTION, Intent.DISPUTE))

    assert "12333" in reply
    assert reply.endswith(wording.MACHINE_LINE_MATTER)
    assert tickets(chat) == []


def test_one_number_gives_the_quarrel_to_a_caseworker(chat: Chat, nlu: FakeNlu) -> None:
    chat.says(teach(nlu, WAGES, Intent.POLICY_QUESTION, Intent.DISPUTE))

    reply = chat.says("3")

    (ticket,) = tickets(chat)
    assert ticket.number in reply
    assert (ticket.intent, ticket.summary, ticket.topic) == (Intent.DISPUTE, WAGES, "wages")


def test_who_rated_the_answer_can_still_have_the_quarrel_taken_up(
    chat: Chat, nlu: FakeNlu
) -> None:
    chat.says(teach(nlu, WAGES, Intent.POLICY_QUESTION, Intent.DISPUTE))

    assert chat.says("1") == wording.USEFUL_NOTED
    assert NUMBER.search(chat.says("3"))
    with reading(chat.line.engine) as session:
        assert session.scalars(select(AnswerGiven.useful)).all() == [True]


def test_without_a_quarrel_three_means_nothing(chat: Chat) -> None:
    chat.says(WAGES)

    assert chat.says("3") == wording.NOTHING_SAID


def test_a_question_that_asks_for_help_too_opens_a_ticket(chat: Chat, nlu: FakeNlu) -> None:
    reply = chat.says(teach(nlu, WAGES, Intent.POLICY_QUESTION, Intent.HELP_REQUEST))

    assert "已经登记" in reply
    assert "12333" in reply
    assert [ticket.intent for ticket in tickets(chat)] == [Intent.HELP_REQUEST]


def test_while_a_matter_is_live_both_go_to_it(chat: Chat, nlu: FakeNlu) -> None:
    chat.says(teach(nlu, "帮我找老板要钱", Intent.HELP_REQUEST, None))

    reply = chat.says(teach(nlu, WAGES, Intent.POLICY_QUESTION, Intent.DISPUTE))

    assert "加到编号" in reply
    assert "12333" in reply
    assert len(tickets(chat)) == 1


def test_an_unsure_question_with_a_quarrel_is_offered_with_a_person_at_the_end(
    chat: Chat, nlu: FakeNlu
) -> None:
    reply = chat.says(teach(nlu, UNSURE, Intent.POLICY_QUESTION, Intent.DISPUTE))

    assert wording.OFFER_HEAD in reply
    chat.says("都不是")
    assert [ticket.summary for ticket in tickets(chat)] == [UNSURE]


def test_what_is_picked_from_the_offer_still_leaves_the_quarrel_open(
    chat: Chat, nlu: FakeNlu
) -> None:
    chat.says(teach(nlu, UNSURE, Intent.POLICY_QUESTION, Intent.DISPUTE))

    assert wording.MACHINE_LINE_MATTER in chat.says("1")
    chat.says("3")
    assert [ticket.summary for ticket in tickets(chat)] == [UNSURE]
