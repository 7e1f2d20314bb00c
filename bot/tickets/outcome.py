"""
How a ticket ends, and how it goes on after its end.

Two keys close it: the outcome of whoever worked on it, and the resident's own
word or a call-back by somebody else.  Silence is no word.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import wording
from bot.conversation.tables import Speaker
from bot.db.types import JsonObject
from bot.errors import InvalidInputError
from bot.notices.tables import NoticeKind
from bot.people.tables import Staff
from bot.settings import working_hours
from bot.tickets import scope
from bot.tickets.acting import Act, required, send, take_up
from bot.tickets.allowed import check_unchanged
from bot.tickets.change import let_speak, note_event, owes_answer, route
from bot.tickets.joining import free_strand, senders
from bot.tickets.standing import MOST_REOPENED
from bot.tickets.supervisors import tell_supervisors
from bot.tickets.tables import LIVE, CloseCode, State, Ticket, TicketEvent

CONFIRMABLE = (CloseCode.SOLVED, CloseCode.EXPLAINED)
"""What an outcome may be before somebody confirmed it."""
DIRECT = (CloseCode.WITHDRAWN, CloseCode.DUPLICATE, CloseCode.SPAM, CloseCode.UNREACHABLE)
"""What whoever works on it may close by themselves; the rest needs a second person."""
CHANNELS = {"phone": "打电话", "wechat": "发微信", "visit": "上门", "other": "托人带话"}
LEAST_TRIES, LEAST_WAYS, LEAST_DAYS = 3, 2, 2


def resolve(
    session: Session, number: str, *, by: Act, outcome: str, code: str = CloseCode.SOLVED
) -> Ticket:
    """Tell the resident what was reached and ask whether it is solved; only they close it so."""
    ticket = scope.find(session, number, staff=by.staff)
    if ticket.state == State.RESOLVED and ticket.outcome == outcome.strip():
        return ticket  # a double click
    ticket = take_up(session, number, "resolve", by)
    check_unchanged(session, ticket, by.staff, by.version)
    if code not in CONFIRMABLE:
        msg = "请选办成了，还是解释清楚了。"
        raise InvalidInputError(msg)
    words = required(outcome, "请写明办得怎么样，这句话会发给居民。")
    event = note_event(
        session, ticket, "resolved", now=by.now, staff=by.staff, text=words, code=str(code)
    )
    let_speak(session, ticket, Speaker.BOT, now=by.now)
    text = wording.OUTCOME.format(number=ticket.number, outcome=words)
    send(session, ticket, by, text, once=f"outcome:{event.id}")
    _tell_senders(session, ticket, by, event, words)
    return ticket


def try_contact(
    session: Session, number: str, *, by: Act, channel: str, reached: bool, text: str = ""
) -> Ticket:
    """
    Note that somebody tried to reach the resident, how, and whether they did.

    Who was reached was answered: what was owed is owed no longer.
    """
    ticket = take_up(session, number, "try_contact", by)
    if channel not in CHANNELS:
        msg = "请选怎么联系的。"
        raise InvalidInputError(msg)
    said: JsonObject = {"channel": channel, "reached": reached}
    note_event(session, ticket, "tried", now=by.now, staff=by.staff, text=text.strip(), **said)
    if reached and ticket.state in LIVE and owes_answer(ticket):
        note_event(session, ticket, "reached", now=by.now, staff=by.staff)
    return ticket


def call_back(  # noqa: PLR0913 (all of it is what was said)
    session: Session,
    number: str,
    *,
    by: Act,
    channel: str,
    solved: bool,
    text: str,
    satisfied: bool | None = None,
) -> Ticket:
    """
    Note what the resident said when somebody else asked whether it is solved.

    *satisfied* is what they said of us; None: it was not asked, or not answered.

    Raises:
        InvalidInputError: whoever asks worked on it.
    """
    ticket = take_up(session, number, "call_back", by)
    if channel not in CHANNELS:
        msg = "请选怎么联系的。"
        raise InvalidInputError(msg)
    outcome = _last(session, ticket, "resolved")
    if outcome is not None and outcome.staff_id == by.staff.id:
        msg = "结果是您办的，回访要由别人来做。"
        raise InvalidInputError(msg)
    words = required(text, "请写居民怎么说的。")
    said: JsonObject = {
        "channel": channel,
        "solved": solved,
        "satisfied": satisfied,
        "code": code_of_outcome(session, ticket),
    }
    if not solved:
        ticket.strand = free_strand(session, ticket)
    note_event(session, ticket, "called_back", now=by.now, staff=by.staff, text=words, **said)
    let_speak(session, ticket, Speaker.BOT, now=by.now)
    if not solved:
        goes_on(session, ticket, now=by.now)
    return ticket


def close_without_answer(
    session: Session, number: str, *, by: Act, code: CloseCode, reason: str
) -> Ticket:
    """
    Close a ticket that ends otherwise than solved, and that one person may end.

    Raises:
        InvalidInputError: this end needs another's approval, or more tries before it.
    """
    unreachable = code == CloseCode.UNREACHABLE
    ticket = take_up(session, number, "unreachable" if unreachable else "close", by)
    check_unchanged(session, ticket, by.staff, by.version)
    if code not in DIRECT:
        msg = "这样办结要督导同意，请写明归谁管、还能怎么办，再提交。"
        raise InvalidInputError(msg)
    if unreachable:
        _refuse_unless_tried(session, ticket)
    end(session, ticket, by, code, required(reason, "请写明原因。"))
    if code == CloseCode.WITHDRAWN:
        event = _last(session, ticket, "closed")
        text = wording.WITHDRAWN.format(number=ticket.number)
        send(session, ticket, by, text, once=f"closed:{event.id if event else 0}")
    return ticket


def end(session: Session, ticket: Ticket, by: Act, code: CloseCode, words: str) -> TicketEvent:
    """Close the ticket; its senders have nobody to wait for any longer."""
    event = note_event(
        session, ticket, "closed", now=by.now, staff=by.staff, text=words, code=str(code)
    )
    let_speak(session, ticket, Speaker.BOT, now=by.now)
    return event


def reopen(session: Session, number: str, *, by: Act) -> Ticket:
    """Go on with a ticket that was done, beside what the resident has asked since."""
    ticket = take_up(session, number, "reopen", by)
    check_unchanged(session, ticket, by.staff, by.version)
    person = session.get(Staff, ticket.assignee_id) if ticket.assignee_id else None
    ticket.strand = free_strand(session, ticket)
    to = None if person is not None and person.active else by.staff.id
    note_event(session, ticket, "reopened", now=by.now, staff=by.staff, to=to)
    return ticket


def goes_on(session: Session, ticket: Ticket, *, now: datetime) -> None:
    """See to a ticket that was not solved after all: it has an owner, and is watched."""
    ticket.last_resident_at = now
    if ticket.reopened >= MOST_REOPENED and ticket.supervised_at is None:
        note_event(session, ticket, "supervised", now=now, text=f"重开{ticket.reopened}次")
        tell_supervisors(session, ticket, NoticeKind.SUPERVISED, now=now)
    person = session.get(Staff, ticket.assignee_id) if ticket.assignee_id else None
    if person is None or not person.active:
        route(session, ticket, now=now)
    else:
        tell_supervisors(session, ticket, NoticeKind.REOPENED, now=now)


def code_of_outcome(session: Session, ticket: Ticket) -> str:
    """Return what the ticket ends as when the resident agrees: solved, or explained."""
    outcome = _last(session, ticket, "resolved")
    return str(outcome.data.get("code", CloseCode.SOLVED)) if outcome else str(CloseCode.SOLVED)


def tries(session: Session, ticket: Ticket) -> Sequence[TicketEvent]:
    """Return the vain tries to reach the resident since they were last heard of, oldest first."""
    found = session.scalars(
        select(TicketEvent)
        .where(
            TicketEvent.ticket_id == ticket.id,
            TicketEvent.kind == "tried",
            TicketEvent.at >= ticket.last_resident_at,
        )
        .order_by(TicketEvent.id)
    ).all()
    reached = [place for place, event in enumerate(found) if event.data.get("reached")]
    return found[reached[-1] + 1 :] if reached else found


def _refuse_unless_tried(session: Session, ticket: Ticket) -> None:
    found, zone = tries(session, ticket), working_hours().zone
    ways = {str(event.data["channel"]) for event in found}
    days = {event.at.astimezone(zone).date() for event in found}
    if len(found) >= LEAST_TRIES and len(ways) >= LEAST_WAYS and len(days) >= LEAST_DAYS:
        return
    msg = (
        f"联系不上要有依据：至少试{LEAST_TRIES}次、{LEAST_WAYS}种办法、分{LEAST_DAYS}天。"
        f"现在记了{len(found)}次、{len(ways)}种、{len(days)}天。"
    )
    raise InvalidInputError(msg)


def _tell_senders(
    session: Session, ticket: Ticket, by: Act, event: TicketEvent, words: str
) -> None:
    for other in senders(session, ticket):
        text = wording.OUTCOME_JOINT.format(number=other.number, outcome=words)
        send(session, other, by, text, once=f"outcome:{event.id}:{other.id}")


def _last(session: Session, ticket: Ticket, kind: str) -> TicketEvent | None:
    found = select(TicketEvent).where(TicketEvent.ticket_id == ticket.id, TicketEvent.kind == kind)
    return session.scalar(found.order_by(TicketEvent.id.desc()).limit(1))
