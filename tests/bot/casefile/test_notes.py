"""Notes: who is named is told, who may not see stays out, the next person is greeted."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.casefile import notes
from bot.errors import InvalidInputError, NotFoundError
from bot.notices.tables import NoticeKind, StaffNotice
from bot.people.tables import Role, Staff
from bot.tickets import thread
from bot.tickets.tables import State, Ticket, TicketEvent
from tests.bot.tickets.deeds import LATER, by
from tests.builders import a_caseworker, a_ticket
from tests.conftest import NOW


@pytest.fixture
def ticket(session: Session) -> Ticket:
    return a_ticket(session)


@pytest.fixture
def own(session: Session, ticket: Ticket) -> Staff:
    return session.get_one(Staff, ticket.assignee_id or 0)


@pytest.fixture
def boss(session: Session) -> Staff:
    return a_caseworker(session, name="赵敏", role=Role.SUPERVISOR)


def note(session: Session, ticket: Ticket, staff: Staff, text: str, once: str = "a") -> None:
    notes.write(session, ticket.number, by=by(session, staff), text=text, once=once)


def told(session: Session) -> list[tuple[int, str]]:
    return [(row.staff_id, row.kind) for row in session.scalars(select(StaffNotice))]


def events(session: Session) -> list[TicketEvent]:
    return list(session.scalars(select(TicketEvent).order_by(TicketEvent.id)))


@pytest.mark.parametrize("text", ["@赵敏 请看一下", "老板又改口了，＠赵敏看看", "（@赵敏）"])
def test_who_is_named_is_told_and_finds_it_in_the_list(
    session: Session, ticket: Ticket, own: Staff, boss: Staff, text: str
) -> None:
    note(session, ticket, own, text)

    assert told(session) == [(boss.id, NoticeKind.MENTIONED)]
    found = notes.mentions_of(session, boss)
    assert [(it.event.text, it.by, it.seen) for it in found] == [(text, "王芳", False)]
    assert notes.unseen(session, boss) == 1


def test_looking_at_the_ticket_ends_it(
    session: Session, ticket: Ticket, own: Staff, boss: Staff
) -> None:
    note(session, ticket, own, "@赵敏 请看")

    notes.mark_seen(session, ticket, staff_id=own.id, now=NOW)
    assert notes.unseen(session, boss) == 1
    notes.mark_seen(session, ticket, staff_id=boss.id, now=NOW)

    assert notes.unseen(session, boss) == 0
    assert notes.mentions_of(session, boss)[0].seen


def test_naming_somebody_who_may_not_see_it_is_refused_and_nothing_is_kept(
    session: Session, ticket: Ticket, own: Staff
) -> None:
    a_caseworker(session, name="李娜")

    with pytest.raises(InvalidInputError, match="李娜看不到这件工单"):
        note(session, ticket, own, "@李娜 你来看看")

    assert (told(session), events(session)) == ([], [])


@pytest.mark.parametrize("text", ["发到 li@example.com", "@ 不知道谁", "@张三 不是同事"])
def test_an_at_that_names_no_colleague_means_nothing(
    session: Session, ticket: Ticket, own: Staff, boss: Staff, text: str
) -> None:
    note(session, ticket, own, text)

    assert told(session) == []


def test_of_two_people_of_one_name_the_login_tells_which(
    session: Session, ticket: Ticket, own: Staff, boss: Staff
) -> None:
    other = a_caseworker(session, name="赵敏", role=Role.SUPERVISOR)

    with pytest.raises(InvalidInputError, match="2位赵敏"):
        note(session, ticket, own, "@赵敏 请看")
    note(session, ticket, own, f"@赵敏({other.login}) 请看")

    assert told(session) == [(other.id, NoticeKind.MENTIONED)]
    assert f"赵敏({other.login})" in notes.mentionable(session, ticket)


def test_the_longer_name_is_meant(
    session: Session, ticket: Ticket, own: Staff, boss: Staff
) -> None:
    longer = a_caseworker(session, name="赵敏敏", role=Role.SUPERVISOR)

    note(session, ticket, own, "@赵敏敏请看")

    assert told(session) == [(longer.id, NoticeKind.MENTIONED)]


def test_who_lost_sight_of_the_ticket_no_longer_finds_the_note(
    session: Session, ticket: Ticket, own: Staff, boss: Staff
) -> None:
    note(session, ticket, boss, "@王芳 这件你盯紧")
    assert notes.unseen(session, own) == 1

    ticket.assignee_id = boss.id
    session.flush()

    assert (notes.mentions_of(session, own), notes.unseen(session, own)) == ([], 0)


def test_a_double_click_is_one_note_and_one_notice(
    session: Session, ticket: Ticket, own: Staff, boss: Staff
) -> None:
    note(session, ticket, own, "@赵敏 请看")
    note(session, ticket, own, "@赵敏 请看")

    assert (len(told(session)), len(events(session))) == (1, 1)


def test_a_stranger_writes_no_note(session: Session, ticket: Ticket) -> None:
    with pytest.raises(NotFoundError):
        note(session, ticket, a_caseworker(session), "你好")


def test_what_is_left_for_the_next_person_greets_them_until_they_have_read_it(
    session: Session, ticket: Ticket, own: Staff, boss: Staff
) -> None:
    notes.hand_over(session, ticket, by=own, text="老板答应周五给钱，周五下午要打电话", now=LATER)
    standing = notes.standing_hand_over(events(session), boss)
    assert standing is not None
    assert standing.text.startswith("老板答应")
    assert notes.standing_hand_over(events(session), own) is None

    notes.hand_over_read(session, ticket, by=boss, now=LATER)

    assert notes.standing_hand_over(events(session), boss) is None


def test_the_word_left_stands_among_the_notes_of_the_conversation(
    session: Session, ticket: Ticket, own: Staff
) -> None:
    notes.hand_over(session, ticket, by=own, text="老板答应周五给钱", now=LATER)

    said = thread.bubbles(session, ticket, deeds=thread.history(session, ticket))

    assert [(it.kind, it.text) for it in said] == [("handover", "老板答应周五给钱")]


def test_before_a_leave_one_is_asked_for_every_live_ticket_the_bare_first(
    session: Session, ticket: Ticket, own: Staff
) -> None:
    bare = a_ticket(session, assignee=own)
    a_ticket(session, assignee=own, state=State.CLOSED)
    notes.hand_over(session, ticket, by=own, text="老板答应周五给钱", now=LATER)

    found = notes.to_hand_over(session, own)

    assert [(it.number, event.text if event else "") for it, _, event in found] == [
        (bare.number, ""),
        (ticket.number, "老板答应周五给钱"),
    ]
