"""
One deed done to many tickets: each in a transaction of its own, and taken back for a while.

Whoever calls opens the transactions; one ticket that refuses stops none of the others.
Taking back is a deed like any other, never a deletion.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bot.conversation.tables import Speaker
from bot.errors import InvalidInputError, NotFoundError
from bot.notices.queue import notify
from bot.notices.tables import NoticeKind
from bot.people.tables import Staff
from bot.reports.tables import BulkDeed, BulkItem
from bot.tickets import moves, scope, watching
from bot.tickets.acting import Act, take_up
from bot.tickets.allowed import MATTERS, refuse_unless_allowed
from bot.tickets.change import give, last_event_id, let_speak, locked, note_event
from bot.tickets.tables import State, Ticket, TicketEvent

MOST = 100
UNDO_WITHIN = timedelta(minutes=10)


class Action(StrEnum):
    """What can be done to many at once."""

    ASSIGN = "assign"
    SUPERVISE = "supervise"
    END_SUPERVISION = "unsupervise"
    URGE = "urge"


MOVES: Mapping[Action, str] = {
    Action.ASSIGN: "assign",
    Action.SUPERVISE: "supervise",
    Action.END_SUPERVISION: "end_supervision",
}


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done."""

    action: Action
    reason: str = ""
    to: int | None = None


def start(session: Session, staff: Staff, order: Order, *, now: datetime) -> int:
    """Write down that many are about to be changed; returns the number it is known by."""
    data = {"reason": order.reason, "to": order.to}
    deed = BulkDeed(staff_id=staff.id, action=order.action, data=data, at=now)
    session.add(deed)
    session.flush()
    return deed.id


def refusal(ticket: Ticket, order: Order, staff: Staff) -> str:
    """Return why this ticket would refuse, or an empty text; changes nothing."""
    try:
        if order.action in MOVES:
            refuse_unless_allowed(ticket, MOVES[order.action], staff)
        _refuse_what_changes_nothing(ticket, order)
    except InvalidInputError as error:
        return str(error)
    return ""


def do(session: Session, bulk_id: int, number: str, order: Order, *, by: Act) -> None:
    """
    Do it to one ticket and keep how it stood before.

    Raises:
        RefusedError: it cannot be done, or somebody acted since it was looked at.
    """
    ticket = locked(session, scope.find(session, number, staff=by.staff, unread=True), now=by.now)
    _refuse_what_changes_nothing(ticket, order)
    before = {"state": ticket.state, "owner": ticket.assignee_id}
    match order.action:
        case Action.ASSIGN:
            moves.assign(session, number, by=by, to=order.to or 0, reason=order.reason)
        case Action.SUPERVISE:
            watching.supervise(session, number, by=by, reason=order.reason)
        case Action.END_SUPERVISION:
            watching.end_supervision(session, number, by=by)
        case Action.URGE:
            _urge(session, ticket, by, order.reason)
    session.add(
        BulkItem(
            bulk_id=bulk_id, ticket_id=ticket.id, done=True, before=before,
            event_id=last_event_id(session, ticket.id),
        )
    )  # fmt: skip


def note_refusal(session: Session, bulk_id: int, number: str, says: str, *, staff: Staff) -> None:
    """Keep why one ticket was not changed; of what is none of theirs nothing is said."""
    theirs = (Ticket.number == number, scope.in_charge(staff))
    ticket_id = session.scalar(select(Ticket.id).where(*theirs))
    if ticket_id is not None:
        session.add(BulkItem(bulk_id=bulk_id, ticket_id=ticket_id, done=False, says=says))


def undoable(session: Session, bulk_id: int, staff: Staff, *, now: datetime) -> BulkDeed:
    """
    Return the deed, if this person may still take it back.

    Raises:
        NotFoundError: it is none of theirs.
        InvalidInputError: it was taken back, or is too long ago.
    """
    deed = session.get(BulkDeed, bulk_id)
    if deed is None or deed.staff_id != staff.id:
        raise NotFoundError(str(bulk_id))
    if deed.undone_at is not None:
        msg = "已经撤销过了。"
        raise InvalidInputError(msg)
    if now > deed.at + UNDO_WITHIN:
        msg = "过了10分钟，不能一起撤销了。要改请一件一件改。"
        raise InvalidInputError(msg)
    return deed


def undo(session: Session, item_id: int, *, by: Act) -> None:
    """Take one ticket back to how it stood, or keep why that is not done."""
    item = session.get_one(BulkItem, item_id)
    deed = session.get_one(BulkDeed, item.bulk_id)
    ticket = locked(session, session.get_one(Ticket, item.ticket_id), now=by.now)
    item.undo_says = _acted_since(session, item) or _reverse(session, deed, item, ticket, by)
    item.undone = not item.undo_says


def versions(session: Session, ticket_ids: Sequence[int]) -> Mapping[int, int]:
    """Return how far the history of each ticket has come."""
    rows = session.execute(
        select(TicketEvent.ticket_id, func.max(TicketEvent.id))
        .where(TicketEvent.ticket_id.in_(ticket_ids))
        .group_by(TicketEvent.ticket_id)
    )
    return dict(rows.all())


def _refuse_what_changes_nothing(ticket: Ticket, order: Order) -> None:
    msg = ""
    if order.action == Action.ASSIGN and ticket.assignee_id == order.to:
        msg = "本来就由这个人负责。"
    elif order.action == Action.SUPERVISE and ticket.supervised_at is not None:
        msg = "已经在督办。"
    elif order.action == Action.END_SUPERVISION and ticket.supervised_at is None:
        msg = "没有在督办。"
    elif order.action == Action.URGE and ticket.assignee_id is None:
        msg = "还没有人负责，催不了。请先改派。"
    elif order.action == Action.URGE and ticket.state not in MUST_ACT:
        msg = "现在不是社工该动手的时候，不用催。"
    if msg:
        raise InvalidInputError(msg)


MUST_ACT = (State.DISPATCHED, State.IN_PROGRESS, State.WAITING_PARTNER)


def _urge(session: Session, ticket: Ticket, by: Act, reason: str) -> None:
    event = note_event(session, ticket, "urged", now=by.now, staff=by.staff, text=reason.strip())
    notify(
        session,
        staff_id=ticket.assignee_id or by.staff.id,
        kind=NoticeKind.REMINDER,
        now=by.now,
        ticket_id=ticket.id,
        once=f"urged:{event.id}",
    )


def _acted_since(session: Session, item: BulkItem) -> str:
    """Say who did what since, for then it is no longer ours to take back."""
    mattered = or_(TicketEvent.staff_id.is_not(None), TicketEvent.kind.in_(MATTERS))
    event = session.scalar(
        select(TicketEvent)
        .where(TicketEvent.ticket_id == item.ticket_id, TicketEvent.id > (item.event_id or 0))
        .where(mattered)
        .order_by(TicketEvent.id)
        .limit(1)
    )
    if event is None:
        return ""
    who = session.get(Staff, event.staff_id) if event.staff_id else None
    return f"之后{who.name if who else ''}{MATTERS.get(event.kind, '又动过')}，不能撤销。"


def _reverse(session: Session, deed: BulkDeed, item: BulkItem, ticket: Ticket, by: Act) -> str:
    match deed.action:
        case Action.ASSIGN:
            return _give_back(session, item, ticket, by)
        case Action.SUPERVISE:
            watching.end_supervision(session, ticket.number, by=by)
        case Action.END_SUPERVISION:
            watching.supervise(session, ticket.number, by=by, reason="撤销“结束督办”")
        case Action.URGE:
            return "催办已经发出去了，撤不回。"
    return ""


def _give_back(session: Session, item: BulkItem, ticket: Ticket, by: Act) -> str:
    owner, state = item.before.get("owner"), State(item.before["state"])
    person = session.get(Staff, owner) if owner else None
    if owner and (person is None or not person.active):
        return "原来的负责人现在不能接单。"
    reason = f"{by.staff.name}撤销改派"
    if state in {State.TRIAGE, State.IN_PROGRESS}:
        ticket = take_up(session, ticket.number, "give_back", by)
        note_event(
            session, ticket, "given_back", now=by.now, staff=by.staff, text=reason,
            state=str(state), owner=owner,
        )  # fmt: skip
        let_speak(session, ticket, Speaker.PERSON if owner else Speaker.BOT, now=by.now)
        if not owner:
            note_event(session, ticket, "queued", now=by.now, text=f"{reason}，等督导分派")
    else:
        give(session, ticket, int(owner or 0), reason=reason, now=by.now)
    return ""
