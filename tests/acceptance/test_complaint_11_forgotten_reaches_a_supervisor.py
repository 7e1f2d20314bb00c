"""A forgotten ticket never reaches a manager."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.contracts import Intent, Urgency
from bot.notices.tables import NoticeKind, StaffNotice
from bot.people.tables import Role
from bot.settings import Settings
from bot.tickets import escalation
from bot.tickets.alarm import ladder
from bot.tickets.alarm.tables import Page
from bot.tickets.opening import open_ticket
from bot.tickets.tables import Ticket, TicketEvent
from tests.builders import a_caseworker, a_resident
from tests.conftest import NOW

TICKETS = 5


def opened(session: Session, settings: Settings, urgency: Urgency) -> Ticket:
    return open_ticket(
        session,
        resident=a_resident(session),
        intent=Intent.HELP_REQUEST,
        urgency=urgency,
        topic="wages",
        text="没有饭吃",
        facts={},
        area_code="",
        now=NOW,
        settings=settings,
    ).ticket


def steps(session: Session) -> list[tuple[int, str, int]]:
    events = session.scalars(select(TicketEvent).where(TicketEvent.kind == "escalated"))
    return [(it.ticket_id, str(it.data["clock"]), int(it.data["rung"])) for it in events]


def test_after_a_day_without_timetable_every_step_due_is_taken_once(
    session: Session, settings: Settings
) -> None:
    worker, above = a_caseworker(session), a_caseworker(session, role=Role.SUPERVISOR)
    worker.on_duty = above.on_duty = False  # nobody takes them: the queue is what is forgotten
    session.flush()
    for _ in range(TICKETS):
        opened(session, settings, Urgency.URGENT)

    awake = NOW + timedelta(days=1)
    while escalation.attend(session, now=awake, settings=settings):
        pass
    first = steps(session)
    for _ in range(3):
        escalation.attend(session, now=awake, settings=settings)

    assert steps(session) == first
    assert len(first) == len(set(first))
    assert len({ticket_id for ticket_id, _, _ in first}) == TICKETS
    told = session.scalar(
        select(func.count(func.distinct(StaffNotice.ticket_id))).where(
            StaffNotice.staff_id == above.id, StaffNotice.kind == NoticeKind.OVERDUE
        )
    )
    assert told == TICKETS


def test_a_crisis_is_called_on_every_five_minutes_until_somebody_accepts(
    session: Session, settings: Settings
) -> None:
    first, second = a_caseworker(session), a_caseworker(session)
    above = a_caseworker(session, role=Role.SUPERVISOR)
    ticket = opened(session, settings, Urgency.CRISIS)

    for minutes in (1, 5, 6, 10, 15, 20):
        ladder.call_next(session, now=NOW + timedelta(minutes=minutes), settings=settings)

    calls = session.scalars(select(Page).order_by(Page.id)).all()
    at = [(page.paged_at - NOW) // timedelta(minutes=1) for page in calls]
    assert at == [0, 5, 10, 15, 20]
    assert {first.id, second.id, above.id} == {page.staff_id for page in calls[:3]}
    assert ticket.assignee_id == calls[-1].staff_id
