"""Tasks of people on leave."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.casefile import tasks
from bot.casefile.handing_on import hand_on_tasks
from bot.casefile.tables import CaseTask, TaskKind
from bot.people.tables import Leave, LeaveKind, Role, Staff
from bot.settings import Settings
from bot.tickets.tables import TicketEvent
from tests.builders import a_caseworker, a_ticket
from tests.conftest import NOW

DAY = timedelta(days=1)


def a_task(session: Session, staff: Staff, *, due_at: datetime) -> CaseTask:
    """Something that *staff* is to do for a ticket somebody else has."""
    return tasks.plan(
        session,
        ticket=a_ticket(session),
        kind=TaskKind.VISIT,
        staff_id=staff.id,
        due_at=due_at,
        text="上门看看",
        by=None,
        now=NOW,
    )


def goes_away(session: Session, staff: Staff, *, until: datetime) -> None:
    session.add(
        Leave(staff_id=staff.id, starts_at=NOW, ends_at=until, kind=LeaveKind.ANNUAL, set_at=NOW)
    )
    session.flush()


def test_what_is_due_before_the_return_goes_to_the_stand_in(
    session: Session, settings: Settings
) -> None:
    stand_in = a_caseworker(session, name="和桂花", role=Role.SUPERVISOR)
    owner = a_caseworker(session, name="杨梅", role=Role.SUPERVISOR, substitutes=[stand_in.id])
    soon = a_task(session, owner, due_at=NOW + DAY)
    later = a_task(session, owner, due_at=NOW + 9 * DAY)
    goes_away(session, owner, until=NOW + 3 * DAY)

    assert hand_on_tasks(session, now=NOW, settings=settings) == 1
    assert hand_on_tasks(session, now=NOW, settings=settings) == 0

    assert (soon.staff_id, later.staff_id) == (stand_in.id, owner.id)
    event = session.scalars(select(TicketEvent).where(TicketEvent.kind == "task_handed_on")).one()
    assert event.text == "杨梅请假，这件事由替班的和桂花去做"


def test_a_stand_in_who_may_not_see_the_ticket_gets_nothing_of_it(
    session: Session, settings: Settings
) -> None:
    stranger = a_caseworker(session)
    owner = a_caseworker(session, role=Role.SUPERVISOR, substitutes=[stranger.id])
    task = a_task(session, owner, due_at=NOW + DAY)
    goes_away(session, owner, until=NOW + 3 * DAY)

    hand_on_tasks(session, now=NOW, settings=settings)

    assert task.staff_id is None  # it goes with the ticket
