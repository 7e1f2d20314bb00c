"""Every text of a ticket that can be searched."""

from collections.abc import Sequence

from sqlalchemy import Result, select, union_all
from sqlalchemy.orm import Session

from bot.inbox import InboundMessage
from bot.outbox.tables import OutboundMessage
from bot.tickets.tables import Ticket, TicketEvent


def texts_of(session: Session, ticket_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return what was said, noted and reached in each of the tickets, in one query."""
    columns = (
        (InboundMessage.ticket_id, InboundMessage.text),
        (OutboundMessage.ticket_id, OutboundMessage.text),
        (TicketEvent.ticket_id, TicketEvent.text),
        (Ticket.id, Ticket.summary),
        (Ticket.id, Ticket.outcome),
    )
    found: dict[int, list[str]] = {ticket_id: [] for ticket_id in ticket_ids}
    parts = [
        select(ticket_id.label("ticket_id"), text.label("text")).where(
            ticket_id.in_(ticket_ids), text != ""
        )
        for ticket_id, text in columns
    ]
    rows: Result[int, str] = session.execute(union_all(*parts))
    for ticket_id, text in rows:
        found[ticket_id].append(text)
    return found
