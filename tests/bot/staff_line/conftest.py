"""A resident and a caseworker, each with a phone, on one line."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import Engine, select

from bot.db.engine import reading, transaction
from bot.line import Line
from bot.notices.tables import StaffWeChat
from bot.outbox import OutboundMessage
from bot.people.tables import Resident, Staff
from bot.settings import Settings
from bot.tickets.tables import Ticket
from tests.bot.chat import Chat, a_line
from tests.builders import a_resident, a_ticket
from tests.conftest import NOW
from tests.fakes import FakeNlu, SetClock

OPENID = "o-wang"


@dataclass
class Office:
    """王芳 with her phone, and the tickets around her."""

    engine: Engine
    line: Line
    clock: SetClock
    nlu: FakeNlu
    staff: Staff
    phone: Chat
    resident: Chat

    def ticket(self, *, of: Staff | None = None, **columns: object) -> Ticket:
        """One that waits to be accepted, by 王芳 unless somebody else is named."""
        with transaction(self.engine) as session:
            owner = session.get_one(Staff, (of or self.staff).id)
            values: dict[str, object] = {"state": "dispatched"} | columns
            resident = a_resident(session)
            return a_ticket(session, resident=resident, assignee=owner, **values)  # type: ignore[arg-type]

    def now_of(self, ticket: Ticket) -> Ticket:
        with reading(self.engine) as session:
            return session.get_one(Ticket, ticket.id)

    def sent(self, ticket: Ticket) -> list[str]:
        """What goes to the ticket's resident."""
        with reading(self.engine) as session:
            rows = select(OutboundMessage.text).where(
                OutboundMessage.resident_id == ticket.resident_id
            )
            return list(session.scalars(rows.order_by(OutboundMessage.id)))

    def set(self, change: Callable[[StaffWeChat, Staff], None]) -> None:
        with transaction(self.engine) as session:
            person = session.get_one(Staff, self.staff.id)
            change(session.get_one(StaffWeChat, person.id), person)

    def with_alerts(self, **changes: object) -> None:
        """Go on with other settings."""
        settings = self.line.tools.settings
        alerts = settings.alerts.model_copy(update=changes)
        tools = replace(self.line.tools, settings=settings.model_copy(update={"alerts": alerts}))
        self.line = replace(self.line, tools=tools)
        self.phone = Chat(self.line, OPENID)

    def residents_tickets(self, chat: Chat) -> int:
        with reading(self.engine) as session:
            found = (
                select(Ticket.id)
                .join(Resident, Resident.id == Ticket.resident_id)
                .where(Resident.openid == chat.openid)
            )
            return len(session.scalars(found).all())


@pytest.fixture
def office(stocked_engine: Engine, settings: Settings) -> Office:
    clock, nlu = SetClock(), FakeNlu()
    line = a_line(stocked_engine, settings, nlu, clock)
    with transaction(stocked_engine) as session:
        staff = session.scalars(select(Staff)).one()
        session.add(StaffWeChat(staff_id=staff.id, openid=OPENID, bound_at=NOW))
    return Office(stocked_engine, line, clock, nlu, staff, Chat(line, OPENID), Chat(line, "o-li"))
