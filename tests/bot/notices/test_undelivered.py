"""Words that never reached a resident are told to whoever has the matter."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import outbox
from bot.notices.tables import NoticeKind, StaffNotice
from bot.notices.undelivered import LOOKED_BACK, tell_undelivered
from bot.outbox import OutboundMessage, SendState
from bot.people.tables import Staff
from bot.settings import Settings
from bot.tickets.tables import Ticket
from tests.builders import a_caseworker, a_ticket
from tests.conftest import NOW


def refused(
    session: Session, ticket: Ticket, by: Staff | None, state: str = SendState.REFUSED
) -> OutboundMessage:
    [row] = outbox.enqueue(
        session, resident_id=ticket.resident_id, text="您好", now=NOW, ticket_id=ticket.id,
        staff_id=by.id if by else None, by_machine=by is None,
    )  # fmt: skip
    row.state, row.finished_at = state, NOW
    session.flush()
    return row


def told(session: Session) -> list[tuple[int, int | None]]:
    rows = session.scalars(select(StaffNotice).where(StaffNotice.kind == NoticeKind.REPLY_FAILED))
    return [(row.staff_id, row.ticket_id) for row in rows]


def test_the_owner_is_told_once_of_each(session: Session, settings: Settings) -> None:
    owner, writer = a_caseworker(session), a_caseworker(session)
    ticket = a_ticket(session, assignee=owner)
    refused(session, ticket, writer)
    refused(session, ticket, writer, SendState.GIVEN_UP)

    counts = [tell_undelivered(session, now=NOW, settings=settings) for _ in range(2)]

    assert counts == [2, 0]
    assert told(session) == [(owner.id, ticket.id)] * 2


def test_a_machines_words_and_old_ones_are_nobodys_news(
    session: Session, settings: Settings
) -> None:
    ticket = a_ticket(session)
    refused(session, ticket, None)
    refused(session, ticket, a_caseworker(session)).finished_at = NOW - LOOKED_BACK

    assert tell_undelivered(session, now=NOW, settings=settings) == 0


def test_tried_anew_and_refused_anew_is_news(session: Session, settings: Settings) -> None:
    owner = a_caseworker(session)
    row = refused(session, a_ticket(session, assignee=owner), owner)
    tell_undelivered(session, now=NOW, settings=settings)

    later = NOW + timedelta(hours=1)
    outbox.requeue(session, row.id, now=later)
    row.state, row.finished_at = SendState.REFUSED, later
    session.flush()

    assert tell_undelivered(session, now=later, settings=settings) == 1
