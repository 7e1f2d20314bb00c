"""What everybody who works there does things with: who is there, and one deed at a time."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.engine import reading, transaction
from bot.errors import RefusedError
from bot.people.presence import away
from bot.people.tables import Role, Staff
from bot.simulation.month import Month, Said
from bot.tickets import hours, moves
from bot.tickets.change import last_event_id
from bot.tickets.sealed.opening import unseal
from bot.tickets.tables import Ticket

Deed = Callable[[Session, Ticket, moves.Act], object]
WHY = "要看过才能决定、才能回访"
NIGHT_ENDS, NIGHT_BEGINS = timedelta(hours=7), timedelta(hours=23)


def there(month: Month) -> frozenset[int]:
    """Return who is at work now."""
    now, town = month.clock.at, month.town
    with reading(month.line.engine) as session:
        if not hours.is_open(now, office=hours.office(session, month.line.tools.settings)):
            return frozenset()
        return frozenset({*town.caseworkers, *town.supervisors} - {*away(session, now)})


def by_day(month: Month) -> bool:
    """Say whether people are awake."""
    return NIGHT_ENDS <= month.since_midnight() < NIGHT_BEGINS


def does(month: Month, staff_id: int, number: str, deed: Deed) -> bool:
    """Let somebody do something with a ticket; False where a form would say “cannot be”."""
    try:
        with transaction(month.line.engine) as session:
            ticket = session.scalars(select(Ticket).where(Ticket.number == number)).one()
            deed(session, ticket, acts(month, session, staff_id, ticket))
    except RefusedError:
        return False
    return True


def acts(month: Month, session: Session, staff_id: int, ticket: Ticket) -> moves.Act:
    """Return somebody acting on a ticket; a supervisor opens what is confidential for it."""
    now = month.clock.at
    staff = session.get_one(Staff, staff_id)
    if ticket.lane and staff.role == Role.SUPERVISOR:
        unseal(session, ticket.number, by=staff, kind="approval", reason=WHY, now=now)
    return moves.Act(staff, last_event_id(session, ticket.id), now)


def replies(month: Month, staff_id: int, number: str, text: str) -> bool:
    """Let somebody answer, and remember their words."""
    said = Said(number, f"sim-{next(month.numbers):08d}", text)

    def deed(session: Session, ticket: Ticket, by: moves.Act) -> None:
        moves.reply(session, ticket.number, by=by, text=text, once=said.once)

    return _keep(month, said, done=does(month, staff_id, number, deed))


def notes(month: Month, staff_id: int, number: str, text: str) -> bool:
    """Let somebody write a note, and remember it."""
    said = Said(number, f"sim-{next(month.numbers):08d}", text)

    def deed(session: Session, ticket: Ticket, by: moves.Act) -> None:
        moves.note(session, ticket.number, by=by, text=text, once=said.once)

    return _keep(month, said, done=does(month, staff_id, number, deed))


def _keep(month: Month, said: Said, *, done: bool) -> bool:
    if done:
        month.said.append(said)
    return done
