"""Reaching a resident whom WeChat does not let us write to: the notice of a new reply."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import outbox, wording, wording_personal
from bot.errors import InvalidInputError
from bot.outbox import Kind, OutboundMessage, SendState
from bot.people.tables import Discretion, Resident
from bot.settings import Settings
from bot.tickets.acting import Act, take_up
from bot.tickets.change import note_event
from bot.tickets.tables import Ticket
from bot.wechat import budget


@dataclass(frozen=True, slots=True)
class Reach:
    """Which ways to the resident are open."""

    shut: bool
    """WeChat takes no message for them now."""
    may_notify: bool
    why_not: str = ""
    """Why no notice can be sent, in words staff read."""


def reach(session: Session, resident: Resident, *, settings: Settings, now: datetime) -> Reach:
    """Say whether the window is shut, and whether a notice can be sent through it."""
    shut = budget.left(session, resident.id, now=now).left == 0
    if not shut:
        return Reach(shut=False, may_notify=False)  # nobody needs a notice now
    if not settings.notices.template_id:
        why = "没有设置通知模板，发不了提醒。"
    elif not resident.following:
        why = "居民已经取消关注，收不到提醒。"
    elif resident.discretion == Discretion.HIDDEN:
        why = "居民把对话藏起来了，不能发提醒。等他来信，或者按安全的办法联系。"
    elif _told(session, resident) is not None:
        why = "已经发过提醒，居民还没有来信。"
    else:
        return Reach(shut=True, may_notify=True)
    return Reach(shut=True, may_notify=False, why_not=why)


def notify(session: Session, number: str, *, by: Act, once: str, settings: Settings) -> Ticket:
    """
    Send the resident the notice that there is something to read; once until they write.

    Raises:
        InvalidInputError: none can be sent, or the window is open and none is needed.
        NotFoundError: no such ticket, or not one this person may see.
    """
    ticket = take_up(session, number, "note", by)
    resident = session.get_one(Resident, ticket.resident_id)
    ways = reach(session, resident, settings=settings, now=by.now)
    if not ways.shut:
        msg = "现在可以直接回复，不用发提醒。"
        raise InvalidInputError(msg)
    if not ways.may_notify:
        raise InvalidInputError(ways.why_not)
    outbox.enqueue_other(
        session,
        resident_id=resident.id,
        kind=Kind.NOTICE,
        text=wording_personal.NEWS if resident.discretion else wording.NEW_REPLY,
        details={},
        now=by.now,
        ticket_id=ticket.id,
        staff_id=by.staff.id,
        once_key=f"notice:{ticket.id}:{once}",
    )
    note_event(session, ticket, "noticed", now=by.now, staff=by.staff)
    return ticket


def _told(session: Session, resident: Resident) -> int | None:
    """Return the notice that was sent since the resident's last message; a refused one is none."""
    return session.scalar(
        select(OutboundMessage.id)
        .where(
            OutboundMessage.resident_id == resident.id,
            OutboundMessage.kind == Kind.NOTICE,
            OutboundMessage.created_at >= resident.last_inbound_at,
            OutboundMessage.state.in_((SendState.QUEUED, SendState.ACCEPTED)),
        )
        .limit(1)
    )
