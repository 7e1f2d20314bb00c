"""The clocks of a ticket that a builder made as it stands after its moves."""

from datetime import timedelta

from bot.tickets.change import owes_answer
from bot.tickets.clocks.tables import TicketClock
from bot.tickets.tables import LIVE, ClockKind, State, Ticket


def clocks_of(ticket: Ticket) -> list[TicketClock]:
    """What runs for it: the answer that is owed, and its acceptance."""
    kinds = []
    if ticket.state in LIVE and owes_answer(ticket):
        kinds.append(ClockKind.REPLY)
    if ticket.state == State.DISPATCHED:
        kinds.append(ClockKind.ACCEPT)
    return [
        TicketClock(
            kind=kind,
            started_at=min(ticket.last_resident_at, ticket.reply_due_at - timedelta(days=3)),
            due_at=ticket.reply_due_at,
            look_at=ticket.reply_due_at,
            rule=f"{kind}/{ticket.level}/0",
            paused=[],
            adjusted={},
            rung=0,
        )
        for kind in kinds
    ]
