"""Staff are told each thing once."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.notices.queue import notify
from bot.notices.tables import Channel, Fate, NoticeDelivery, NoticeKind, StaffNotice
from tests.builders import a_caseworker, a_ticket
from tests.conftest import NOW


def told(session: Session) -> list[StaffNotice]:
    return list(session.scalars(select(StaffNotice).order_by(StaffNotice.id)))


def test_a_notice_stands_in_the_console_at_once(session: Session) -> None:
    person = a_caseworker(session)
    ticket = a_ticket(session, assignee=person)

    notify(
        session,
        staff_id=person.id,
        kind=NoticeKind.ASSIGNED,
        ticket_id=ticket.id,
        now=NOW,
        once="assigned:1",
    )

    (notice,) = told(session)
    delivery = session.scalars(select(NoticeDelivery)).one()
    assert (notice.kind, notice.ticket_id, notice.seen_at) == ("assigned", ticket.id, None)
    assert (delivery.notice_id, delivery.channel) == (notice.id, Channel.CONSOLE)
    assert delivery.state == Fate.SENT


def test_the_same_thing_is_told_a_person_once(session: Session) -> None:
    one, other = a_caseworker(session), a_caseworker(session)
    long = "k" * 300

    for person in (one, one, other):
        for once in ("overdue:7", long):
            later = NOW + timedelta(minutes=1)
            notify(session, staff_id=person.id, kind=NoticeKind.OVERDUE, now=later, once=once)

    assert [notice.staff_id for notice in told(session)] == [one.id, one.id, other.id, other.id]


def test_a_crisis_page_is_always_urgent(session: Session) -> None:
    person = a_caseworker(session)

    notify(session, staff_id=person.id, kind=NoticeKind.CRISIS_PAGE, now=NOW, once="page:1")

    assert told(session)[0].urgent


def test_nobody_cannot_be_told_anything(session: Session) -> None:
    with pytest.raises(IntegrityError):
        notify(session, staff_id=404, kind=NoticeKind.TEST, now=NOW, once="test")
