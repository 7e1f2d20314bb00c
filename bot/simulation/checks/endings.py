"""How tickets ended, and who agreed to what."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from bot.simulation.books import Books
from bot.tickets.approvals.tables import Approval, ApprovalKind
from bot.tickets.tables import CloseCode, State, Ticket, TicketEvent

APPROVED = {CloseCode.NOT_SOLVED, CloseCode.NOT_ACCEPTED, CloseCode.REFERRED_OUT}
ASKING = {"extension_decided": "extension_asked", "close_refused": "close_asked"}


def nothing_closes_alone(books: Books) -> Iterator[str | None]:
    """Look at every end: it has a code, and `solved` is the resident's or another's word."""
    for ticket in books.tickets.values():
        ends = [event for event in books.logs[ticket.id] if _ends(event)]
        for event in ends:
            yield _of_end(ticket, event, books.logs[ticket.id])
        if ticket.state == State.CLOSED:
            yield _of_row(ticket, ends)


def nobody_approves_alone(books: Books) -> Iterator[str | None]:
    """Look at every request and its decision."""
    granted: dict[int, list[int | None]] = {}
    for request in books.session.scalars(select(Approval).order_by(Approval.decided_at)):
        number, who = books.number(request.ticket_id), request.decided_by_id
        before = granted.setdefault(request.ticket_id, [])
        if who is not None and who == request.asked_by_id:
            yield f"{number}: {request.kind} decided by who asked"
        elif request.kind == ApprovalKind.EXTENSION and request.approved and who in before:
            yield f"{number}: extended twice by the same"
        else:
            yield None
        if request.kind == ApprovalKind.EXTENSION and request.approved:
            before.append(who)
    for ticket_id, log in books.logs.items():
        yield from (_decided(books, ticket_id, event, log) for event in log if _decides(event))


def _ends(event: TicketEvent) -> bool:
    by_word = event.kind in {"rated", "called_back"} and bool(event.data.get("solved"))
    return by_word or event.kind in {"closed", "withdrawn"}


def _of_end(ticket: Ticket, event: TicketEvent, log: Sequence[TicketEvent]) -> str | None:
    code = CloseCode.WITHDRAWN if event.kind == "withdrawn" else event.data.get("code")
    if code not in set(CloseCode):
        return f"{ticket.number}: {event.kind} without a code"
    if code == CloseCode.SOLVED and event.kind not in {"rated", "called_back"}:
        return f"{ticket.number}: solved, and nobody said so"
    if event.kind == "called_back" and event.staff_id == _last(log, event, "resolved"):
        return f"{ticket.number}: called back by whose outcome it was"
    return None


def _of_row(ticket: Ticket, ends: Sequence[TicketEvent]) -> str | None:
    if ticket.close_code is None:
        return f"{ticket.number}: closed without a code"
    spoken = bool(ends) and ends[-1].kind in {"rated", "called_back"}
    if ticket.close_code == CloseCode.SOLVED and not spoken:
        return f"{ticket.number}: solved, and nobody said so"
    return None


def _decides(event: TicketEvent) -> bool:
    return event.kind in ASKING or (event.kind == "closed" and event.data.get("code") in APPROVED)


def _decided(
    books: Books, ticket_id: int, event: TicketEvent, log: Sequence[TicketEvent]
) -> str | None:
    asked = _last(log, event, ASKING.get(event.kind, "close_asked"))
    number = books.number(ticket_id)
    if asked is None:
        return f"{number}: {event.kind}, and nobody had asked"
    return f"{number}: {event.kind} by who asked" if asked == event.staff_id else None


def _last(log: Sequence[TicketEvent], before: TicketEvent, kind: str) -> int | None:
    """Return who did the last of this kind before that event."""
    found = [it.staff_id for it in log if it.kind == kind and it.id < before.id]
    return found[-1] if found else None
