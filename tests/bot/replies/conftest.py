"""A caseworker, a ticket of theirs, and a resident who wrote just now."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.outbox import OutboundMessage
from bot.people.tables import Staff
from bot.replies.writing import Reply, reply
from bot.tickets.moves import Act
from bot.tickets.tables import Ticket, TicketEvent
from bot.wechat import budget
from tests.builders import a_caseworker, a_ticket
from tests.conftest import NOW


class Desk:
    """Writes replies."""

    def __init__(self, session: Session, folder: Path) -> None:
        self.session, self.folder = session, folder
        self.staff: Staff = a_caseworker(session, name="王芳")
        self.ticket: Ticket = a_ticket(session, assignee=self.staff)
        budget.opened_by_message(session, self.ticket.resident_id, now=NOW)

    def act(self) -> Act:
        newest = max(self.session.scalars(select(TicketEvent.id)).all(), default=0)
        return Act(self.staff, newest, NOW)

    def writes(self, text: str, *, once: str = "", **how: object) -> list[OutboundMessage]:
        written = Reply(text, once or f"once-{text}", **how)  # type: ignore[arg-type]
        reply(self.session, self.ticket.number, written, by=self.act(), folder=self.folder)
        return self.rows()

    def rows(self) -> list[OutboundMessage]:
        return list(self.session.scalars(select(OutboundMessage).order_by(OutboundMessage.id)))

    def has_left(self, count: int) -> None:
        resident = self.ticket.resident_id
        while budget.left(self.session, resident, now=NOW).left > count:
            budget.take(self.session, resident, now=NOW)


@pytest.fixture
def desk(session: Session, tmp_path: Path) -> Desk:
    return Desk(session, tmp_path)
