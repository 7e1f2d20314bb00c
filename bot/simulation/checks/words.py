"""What was written: once each, none lost, none from the bot while a person speaks."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select

from bot.contracts import Action
from bot.inbox import InboundMessage
from bot.outbox import OutboundMessage, SendState
from bot.outbox.bundling import closing_said_once, members
from bot.people.tables import Resident
from bot.simulation.books import Books
from bot.tickets.tables import Ticket, TicketEvent

SPEAKS = {"accepted", "reply"}
FALLS_SILENT = {
    *("assigned", "handed_back", "put_back", "resolved", "closed", "withdrawn", "merged"),
    *("rated", "called_back"),
}
Talk = tuple[datetime, datetime | None]


def one_effect(books: Books) -> Iterator[str | None]:
    """Look at every message that was brought, some of them twice."""
    month = books.month
    stored = Counter[str]()
    for message in books.session.scalars(select(InboundMessage)):
        stored[message.key] += 1
        answered = message.answered_at is not None
        yield None if answered else f"message {message.id}: never answered"
    for key in stored.keys() | month.written.keys():
        once = stored[key] == 1 and key in month.written
        yield None if once else f"{key}: kept {stored[key]} times"
    yield from month.amiss
    opened = Counter(
        (it.resident_id, it.opened_at) for it in books.tickets.values() if not _split(books, it)
    )
    for (resident_id, _), number in opened.items():
        yield None if number == 1 else f"resident {resident_id}: one message opened {number}"


def sent_is_taken(books: Books) -> Iterator[str | None]:
    """Nothing is called sent that the platform did not take, and nothing was sent twice."""
    session, taken = books.session, books.month.ledger.accepted
    noted: Counter[tuple[str, str]] = Counter()
    rows = session.execute(
        select(OutboundMessage, Resident.openid)
        .join(Resident, Resident.id == OutboundMessage.resident_id)
        .where(OutboundMessage.state == SendState.ACCEPTED, OutboundMessage.bundle_id.is_(None))
    )
    for message, openid in rows.all():
        texts = [it.text for it in (message, *members(session, message, state=None))]
        noted[openid, closing_said_once(texts)] += 1
    for sent in noted.keys() | taken.keys():
        same = noted[sent] == taken[sent]
        yield None if same else f"called sent {noted[sent]} times, taken {taken[sent]} times"


def words_are_kept(books: Books) -> Iterator[str | None]:
    """Everything that was written is there word for word, in the ticket it was said in."""
    kept = {it.key: it.text for it in books.session.scalars(select(InboundMessage))}
    for key, text in books.month.written.items():
        yield None if kept.get(key) == text else f"{key}: a resident's words are lost"
    sent = {
        (it.ticket_id, it.once_key): it.text
        for it in books.session.scalars(select(OutboundMessage))
    }
    notes = {
        (event.ticket_id, event.data.get("once")): event.text
        for log in books.logs.values()
        for event in log
        if event.kind == "note"
    }
    ids = {it.number: it.id for it in books.tickets.values()}
    for said in books.month.said:
        at = ids[said.number]
        there = notes.get((at, said.once)) or sent.get((at, f"reply:{at}:{said.once}"), "")
        yield None if said.text in there else f"{said.number}: words of staff are lost"


def bot_is_silent(books: Books) -> Iterator[str | None]:
    """Look at every message that came while a person spoke: only a crisis is answered."""
    talks: dict[int, list[Talk]] = defaultdict(list)
    for ticket in books.tickets.values():
        talks[ticket.resident_id] += _talks(books.logs[ticket.id])
    for message in books.session.scalars(select(InboundMessage).order_by(InboundMessage.id)):
        at = message.received_at
        spoken = any(
            start < at and (end is None or at < end) for start, end in talks[message.resident_id]
        )
        if spoken:
            quiet = not message.reply or message.action == Action.CRISIS
            yield None if quiet else f"message {message.id}: the bot said something in between"


def _talks(log: Sequence[TicketEvent]) -> Iterator[Talk]:
    """Yield when a person spoke, by the log alone."""
    since: datetime | None = None
    opened = log[0].at if log else None
    for event in log:
        # What was split off is accepted at once, and nothing is said for it.
        if event.kind in SPEAKS and event.at != opened:
            since = since or event.at
        elif event.kind in FALLS_SILENT and since is not None:
            yield since, event.at
            since = None
    if since is not None:
        yield since, None


def _split(books: Books, ticket: Ticket) -> bool:
    log = books.logs[ticket.id]
    return bool(log) and log[0].staff_id is not None
