"""What staff do with a ticket."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversation.tables import Speaker
from bot.errors import ConflictError, InvalidInputError, NotFoundError
from bot.outbox import OutboundMessage
from bot.people.tables import Role, Staff
from bot.settings import Settings
from bot.tickets import moves
from bot.tickets.change import last_event_id
from bot.tickets.tables import State
from bot.wechat import budget
from tests.bot.tickets.deeds import LATER, by, kinds, said, speaker
from tests.builders import a_caseworker, a_ticket
from tests.conftest import NOW


def test_accepting_makes_the_person_the_speaker(session: Session) -> None:
    staff = a_caseworker(session)
    ticket = a_ticket(session, assignee=staff, state="dispatched")

    moves.accept(session, ticket.number, by=by(session, staff))

    assert ticket.state == State.IN_PROGRESS
    assert ticket.accepted_at == LATER
    assert speaker(session, ticket) == Speaker.PERSON


def test_accepting_tells_the_resident_where_messages_are_left(session: Session) -> None:
    staff = a_caseworker(session, name="李明")
    ticket = a_ticket(session, assignee=staff, state="dispatched")
    budget.opened_by_message(session, ticket.resident_id, now=NOW)

    moves.accept(session, ticket.number, by=by(session, staff))
    moves.accept(session, ticket.number, by=by(session, staff))
    moves.reply(session, ticket.number, by=by(session, staff), text="您在哪个工地？", once="a")

    assert said(session) == ["我是社工李明，接着由我来帮您。", "您在哪个工地？\n——社工李明"]


def test_with_few_messages_left_the_first_answer_introduces_the_person(session: Session) -> None:
    staff = a_caseworker(session, name="李明")
    ticket = a_ticket(session, assignee=staff, state="dispatched")

    moves.accept(session, ticket.number, by=by(session, staff))
    moves.reply(session, ticket.number, by=by(session, staff), text="您在哪个工地？", once="a")
    moves.reply(session, ticket.number, by=by(session, staff), text="欠多少？", once="b")

    assert said(session) == [
        "我是社工李明，接着由我来帮您。\n您在哪个工地？",
        "欠多少？\n——社工李明",
    ]


def test_anybody_may_take_a_ticket_from_the_queue(session: Session) -> None:
    staff = a_caseworker(session)
    ticket = a_ticket(session, state="triage")

    moves.accept(session, ticket.number, by=by(session, staff))

    assert ticket.assignee_id == staff.id
    assert "接手" in ticket.reason


def test_a_colleagues_ticket_looks_like_none(session: Session) -> None:
    ticket = a_ticket(session)
    nosy = a_caseworker(session)

    with pytest.raises(NotFoundError):
        moves.note(session, ticket.number, by=by(session, nosy), text="看看")


def test_an_admin_sees_no_ticket(session: Session) -> None:
    ticket = a_ticket(session, state="triage")
    admin = a_caseworker(session, role=Role.ADMIN)

    with pytest.raises(NotFoundError):
        moves.accept(session, ticket.number, by=by(session, admin))


def test_a_supervisor_takes_over_from_a_caseworker(session: Session) -> None:
    ticket = a_ticket(session)
    supervisor = a_caseworker(session, role=Role.SUPERVISOR)

    moves.accept(session, ticket.number, by=by(session, supervisor))

    assert ticket.assignee_id == supervisor.id


def test_a_supervisor_must_take_over_before_answering(session: Session) -> None:
    ticket = a_ticket(session)
    supervisor = a_caseworker(session, role=Role.SUPERVISOR)

    with pytest.raises(InvalidInputError, match="接手"):
        moves.reply(session, ticket.number, by=by(session, supervisor), text="您好", once="a")


def test_an_answer_goes_out_once_however_often_the_form_is_sent(session: Session) -> None:
    staff = a_caseworker(session)
    ticket = a_ticket(session, assignee=staff)

    for _ in range(3):
        moves.reply(session, ticket.number, by=by(session, staff), text="在办了", once="a")

    assert len(said(session)) == 1
    assert kinds(session).count("reply") == 1


def test_an_answer_stops_the_clock_and_is_a_persons(session: Session) -> None:
    staff = a_caseworker(session)
    ticket = a_ticket(session, assignee=staff, state="dispatched")

    moves.reply(session, ticket.number, by=by(session, staff), text="在办了", once="a")

    [message] = session.scalars(select(OutboundMessage))
    assert (message.staff_id, message.ticket_id, message.by_machine) == (
        staff.id,
        ticket.id,
        False,
    )
    assert ticket.first_reply_at == ticket.last_reply_at == LATER
    assert ticket.state == State.IN_PROGRESS
    assert speaker(session, ticket) == Speaker.PERSON


@pytest.mark.parametrize("text", ["", "  \n ", "长" * 2001])
def test_an_empty_or_endless_answer_is_refused(session: Session, text: str) -> None:
    staff = a_caseworker(session)
    ticket = a_ticket(session, assignee=staff)

    with pytest.raises(InvalidInputError):
        moves.reply(session, ticket.number, by=by(session, staff), text=text, once="a")


def test_an_answer_to_a_changed_ticket_asks_first(session: Session) -> None:
    staff = a_caseworker(session, name="李明")
    supervisor = a_caseworker(session, role=Role.SUPERVISOR, name="赵敏")
    ticket = a_ticket(session, assignee=staff)
    seen = last_event_id(session, ticket.id)
    moves.accept(session, ticket.number, by=by(session, supervisor))
    moves.assign(session, ticket.number, by=by(session, supervisor), to=staff.id)

    with pytest.raises(ConflictError, match="已转给别人"):
        moves.reply(
            session, ticket.number, by=by(session, staff, version=seen), text="好", once="a"
        )

    assert not any("好" in text for text in said(session))


def test_ones_own_deeds_and_the_residents_words_are_no_conflict(
    session: Session, settings: Settings
) -> None:
    staff = a_caseworker(session)
    ticket = a_ticket(session, assignee=staff)
    seen = last_event_id(session, ticket.id)
    moves.note(session, ticket.number, by=by(session, staff), text="电话打过")
    moves.resident_wrote(session, ticket, now=NOW, settings=settings)

    moves.reply(session, ticket.number, by=by(session, staff, version=seen), text="好", once="a")

    assert len(said(session)) == 1


def test_a_note_is_never_sent(session: Session) -> None:
    staff = a_caseworker(session)
    ticket = a_ticket(session, assignee=staff)

    for _ in range(2):
        moves.note(session, ticket.number, by=by(session, staff), text="他妻子在听", once="n1")

    assert said(session) == []
    assert kinds(session) == ["note"]


def test_assigning_gives_it_to_somebody_to_accept(session: Session) -> None:
    supervisor = a_caseworker(session, role=Role.SUPERVISOR, name="赵敏")
    other = a_caseworker(session, name="陈静")
    ticket = a_ticket(session)

    moves.assign(session, ticket.number, by=by(session, supervisor), to=other.id, reason="会苗语")

    assert (ticket.assignee_id, ticket.state) == (other.id, State.DISPATCHED)
    assert ticket.reason == "赵敏指派给陈静：会苗语"
    assert speaker(session, ticket) == Speaker.BOT


@pytest.mark.parametrize(("role", "active"), [(Role.CASEWORKER, False), (Role.ADMIN, True)])
def test_nobody_who_takes_no_tickets_is_assigned_one(
    session: Session, role: Role, *, active: bool
) -> None:
    supervisor = a_caseworker(session, role=Role.SUPERVISOR)
    other = a_caseworker(session, role=role, active=active)
    ticket = a_ticket(session)

    with pytest.raises(InvalidInputError):
        moves.assign(session, ticket.number, by=by(session, supervisor), to=other.id)


def test_handing_back_finds_somebody_else_and_lets_the_bot_speak(session: Session) -> None:
    staff = a_caseworker(session)
    other = a_caseworker(session)
    ticket = a_ticket(session, assignee=staff)

    moves.hand_back(session, ticket.number, by=by(session, staff), reason="不懂土地的事")

    assert (ticket.assignee_id, ticket.state) == (other.id, State.DISPATCHED)
    assert speaker(session, ticket) == Speaker.BOT


def test_with_nobody_else_it_goes_back_to_the_queue(session: Session) -> None:
    staff = a_caseworker(session)
    ticket = a_ticket(session, assignee=staff)

    moves.hand_back(session, ticket.number, by=by(session, staff), reason="要休假")

    assert (ticket.assignee_id, ticket.state) == (None, State.TRIAGE)


def test_the_third_hand_back_is_a_supervisors_to_decide(session: Session) -> None:
    people = [a_caseworker(session) for _ in range(5)]
    ticket = a_ticket(session, assignee=people[0])

    for _ in range(3):
        owner = session.get_one(Staff, ticket.assignee_id)
        moves.hand_back(session, ticket.number, by=by(session, owner), reason="不归我管")

    assert ticket.state == State.TRIAGE
    assert ticket.reason == "已退单3次，等督导分派"


def test_waiting_for_the_resident_ends_when_they_write(
    session: Session, settings: Settings
) -> None:
    staff = a_caseworker(session)
    ticket = a_ticket(session, assignee=staff)
    with pytest.raises(InvalidInputError, match="先回他要补充什么"):
        moves.wait_for_resident(session, ticket.number, by=by(session, staff))

    moves.reply(session, ticket.number, by=by(session, staff), text="欠多少？", once="a")
    moves.wait_for_resident(session, ticket.number, by=by(session, staff))
    waiting = ticket.state
    moves.resident_wrote(session, ticket, now=LATER, settings=settings)

    assert (waiting, ticket.state) == (State.WAITING_RESIDENT, State.IN_PROGRESS)
