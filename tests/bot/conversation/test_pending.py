"""Short answers: what 1 and 2 mean depends on what was asked."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import wording
from bot.contracts import Action, Intent
from bot.conversation.tables import AnswerGiven
from bot.db.engine import transaction
from bot.people.tables import Staff
from bot.tickets import lookup, moves
from bot.tickets.change import last_event_id
from bot.tickets.tables import State, Ticket
from tests.bot.chat import Chat
from tests.fakes import FakeNlu, SetClock


def test_useful_is_noted_against_the_version(chat: Chat) -> None:
    chat.says("老板拖欠工资咋个办")

    assert chat.says("1") == wording.USEFUL_NOTED

    with transaction(chat.line.engine) as session:
        assert session.scalars(select(AnswerGiven.useful)).all() == [True]


def test_useless_offers_a_person(chat: Chat) -> None:
    chat.says("老板拖欠工资咋个办")

    assert "人工" in chat.says("没用")


def test_a_number_means_nothing_when_nothing_was_asked(chat: Chat) -> None:
    assert chat.says("1") == wording.NOTHING_SAID


def test_a_number_means_nothing_after_a_while(chat: Chat, clock: SetClock) -> None:
    chat.says("老板拖欠工资咋个办")
    clock.move(hours=2)

    assert chat.says("1") == wording.NOTHING_SAID


def test_none_of_the_offered_goes_to_a_person_with_the_question(chat: Chat, nlu: FakeNlu) -> None:
    offer = chat.says(nlu.teach("低保", Intent.POLICY_QUESTION, topic="assistance"))
    assert offer.startswith(wording.OFFER_HEAD)

    assert "给您找社工" in chat.says("都不是")

    with transaction(chat.line.engine) as session:
        ticket = session.scalars(select(Ticket)).one()
        assert (ticket.summary, ticket.topic) == ("低保", "assistance")


def test_what_was_picked_from_an_offer_can_be_rated(chat: Chat, nlu: FakeNlu) -> None:
    chat.says(nlu.teach("低保", Intent.POLICY_QUESTION))
    chat.says("1")

    assert chat.says("2") == wording.USELESS_NOTED

    with transaction(chat.line.engine) as session:
        assert session.scalars(select(AnswerGiven.useful)).all() == [False]


def test_withdrawing_asks_first(chat: Chat, nlu: FakeNlu) -> None:
    chat.says(nlu.teach("帮我找老板要钱", Intent.HELP_REQUEST))

    assert "吗" in chat.says("撤销")
    assert "已撤销" in chat.says("1")
    assert chat.says("撤销") == wording.WITHDRAW_NONE


def test_a_matter_is_kept_when_withdrawing_was_a_mistake(chat: Chat, nlu: FakeNlu) -> None:
    chat.says(nlu.teach("帮我找老板要钱", Intent.HELP_REQUEST))
    chat.says("撤销")

    assert "接着办" in chat.says("不撤销")


def test_saying_whether_one_is_safe_after_violence(chat: Chat) -> None:
    chat.says("他拿着菜刀在门口 说要砍死我们")

    assert chat.says("不安全") == wording.UNSAFE_NOTED


def _accept(chat: Chat) -> None:
    with transaction(chat.line.engine) as session:
        ticket = session.scalars(select(Ticket)).one()
        moves.accept(session, ticket.number, by=_caseworker(session, chat, ticket))


def _resolve(chat: Chat) -> None:
    _accept(chat)
    with transaction(chat.line.engine) as session:
        ticket = session.scalars(select(Ticket)).one()
        moves.resolve(
            session, ticket.number, by=_caseworker(session, chat, ticket), outcome="公司已付清"
        )


def _caseworker(session: Session, chat: Chat, ticket: Ticket) -> moves.Act:
    staff = session.get_one(Staff, ticket.assignee_id)
    return moves.Act(staff=staff, version=last_event_id(session, ticket.id), now=chat.line.now())


def test_only_the_residents_word_makes_a_matter_solved(chat: Chat, nlu: FakeNlu) -> None:
    chat.says(nlu.teach("帮我找老板要钱", Intent.HELP_REQUEST))
    _resolve(chat)

    assert "办结" in chat.says("1")

    with transaction(chat.line.engine) as session:
        ticket = session.scalars(select(Ticket)).one()
        assert (ticket.state, ticket.close_code) == (State.CLOSED, "solved")


def test_not_solved_goes_on_with_the_same_person(chat: Chat, nlu: FakeNlu) -> None:
    chat.says(nlu.teach("帮我找老板要钱", Intent.HELP_REQUEST))
    _resolve(chat)

    assert "接着办" in chat.says("没解决")

    with transaction(chat.line.engine) as session:
        resident_id = session.scalars(select(Ticket.resident_id)).one()
        live = lookup.live(session, resident_id)
        assert live is not None
        assert live.state == State.IN_PROGRESS


def test_an_answer_younger_than_the_outcome_is_rated_first(
    chat: Chat, nlu: FakeNlu, clock: SetClock
) -> None:
    chat.says(nlu.teach("帮我找老板要钱", Intent.HELP_REQUEST))
    _resolve(chat)
    clock.move(minutes=5)
    chat.says("老板拖欠工资咋个办")

    assert chat.says("1") == wording.USEFUL_NOTED


def test_an_outcome_younger_than_the_answer_is_what_a_number_is_about(
    chat: Chat, nlu: FakeNlu, clock: SetClock
) -> None:
    chat.says(nlu.teach("帮我找老板要钱", Intent.HELP_REQUEST))
    chat.says("老板拖欠工资咋个办")
    clock.move(minutes=1)
    _resolve(chat)
    clock.move(minutes=1)
    chat.says(nlu.teach("好的", Intent.THANKS))  # nothing is asked in answer to this

    assert "办结" in chat.says("1")


def test_the_bot_is_silent_while_a_person_speaks(chat: Chat, nlu: FakeNlu) -> None:
    chat.says(nlu.teach("帮我找老板要钱", Intent.HELP_REQUEST))
    _accept(chat)

    assert chat.says("老板拖欠工资咋个办") == ""
    assert chat.last().action == Action.TICKET
    assert "110" in chat.says("他拿着菜刀在门口 说要砍死我们")


def test_the_classifier_alone_does_not_break_in_on_a_person(chat: Chat, nlu: FakeNlu) -> None:
    chat.says(nlu.teach("帮我找老板要钱", Intent.HELP_REQUEST))
    _accept(chat)

    assert chat.says(nlu.teach("要得 我在大门口等", Intent.CRISIS)) == ""
