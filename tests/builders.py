"""Plain builders: valid rows, of which a test names only what matters."""

import itertools
from datetime import timedelta

from sqlalchemy.orm import Session

from bot.contracts import Intent, Urgency
from bot.finding import index
from bot.people.tables import Organisation, Resident, Staff
from bot.tickets.tables import CloseCode, State, Ticket
from tests.clocks import clocks_of
from tests.conftest import NOW

LEVELS = {"crisis": "crisis", "urgent": "urgent", "normal": "ordinary"}
_numbers = itertools.count(1)


def a_resident(session: Session, *, openid: str = "", area_code: str = "") -> Resident:
    number = next(_numbers)
    resident = Resident(
        openid=openid or f"o-{number}",
        alias=f"居民 T{number:04d}",
        area_code=area_code,
        created_at=NOW,
        last_inbound_at=NOW,
    )
    session.add(resident)
    session.flush()
    return resident


def a_caseworker(
    session: Session, *, name: str = "王芳", services: list[str] | None = None, **columns: object
) -> Staff:
    staff = Staff(
        login=f"login{next(_numbers)}",
        name=name,
        services=services or [],
        password_hash="!",
        created_at=NOW,
        **columns,
    )
    session.add(staff)
    session.flush()
    return staff


def a_ticket(
    session: Session,
    *,
    resident: Resident | None = None,
    assignee: Staff | None = None,
    state: str = "in_progress",
    **columns: object,
) -> Ticket:
    """A ticket as it stands after its moves; with an assignee unless it is in the queue."""
    if assignee is None and state != State.TRIAGE:
        assignee = a_caseworker(session)
    values: dict[str, object] = {
        "number": f"2603-{next(_numbers):04d}",
        "intent": Intent.HELP_REQUEST,
        "topic": "wages",
        "service": "法律援助",
        "urgency": Urgency.NORMAL,
        "summary": "老板跑了，工钱没给",
        "facts": {},
        "state_at": NOW,
        "opened_at": NOW,
        "assigned_at": NOW if assignee else None,
        "last_resident_at": NOW,
        "reply_due_at": NOW + timedelta(days=1),
        "close_code": CloseCode.SOLVED if state == State.CLOSED else None,
    }
    values |= columns
    values.setdefault("level", LEVELS[str(values["urgency"])])
    ticket = Ticket(
        resident_id=(resident or a_resident(session)).id,
        assignee_id=assignee.id if assignee else None,
        state=state,
        **values,
    )
    session.add(ticket)
    session.flush()
    index.add(session, ticket.id, ticket.number, ticket.summary)
    ticket.clocks.extend(clocks_of(ticket))
    session.flush()
    return ticket


def two_houses(session: Session) -> tuple[Organisation, Organisation]:
    first = Organisation(name="呈贡区社工站", created_at=NOW)
    second = Organisation(name="官渡区社工站", created_at=NOW)
    session.add_all((first, second))
    session.flush()
    return first, second
