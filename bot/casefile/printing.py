"""One conversation on paper: who said what when, and no more of it than was asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot import audit
from bot.casefile.masking import masked
from bot.casefile.persons import of_ticket as persons_of
from bot.db.types import JsonObject
from bot.errors import InvalidInputError, NotAllowedError
from bot.media import Media
from bot.outbox import SendState
from bot.people.areas import full_name
from bot.people.tables import Resident, Role, Staff
from bot.tickets import thread
from bot.tickets.allowed import STATE_NAMES
from bot.tickets.change import note_event
from bot.tickets.tables import State, Ticket
from bot.tickets.thread import Bubble, From

MOST = 5000
"""Messages each way; more than anybody ever wrote."""
OTHERWISE = {
    "image": "（图片）",
    "voice": "（语音）",
    "video": "（视频）",
    "shortvideo": "（视频）",
    "location": "（位置）",
    "notice": "（微信通知）",
}
NOT_THERE = "（没有送到居民）"
"""Whoever is shown the paper must not take it for something the resident was told."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be on the paper beyond the conversation itself."""

    notes: bool = False
    numbers: bool = False
    """Phone and identity numbers in full, for which there must be a reason."""
    reason: str = ""
    pictures: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that was said."""

    who: str
    kind: str
    at: str
    text: str
    picture: Media | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The conversation as it is printed."""

    title: str
    facts: Sequence[tuple[str, str]]
    said: Sequence[Said]
    foot: str


@dataclass(frozen=True, slots=True)
class Printer:
    """Who prints, when, and how moments and topics are written."""

    staff: Staff
    now: datetime
    moment: Callable[[datetime], str]
    topic: Callable[[str], str]


def sheet(session: Session, ticket: Ticket, wanted: Wanted, by: Printer) -> Sheet:
    """
    Return the conversation for printing, and keep on record who took what of it away.

    Raises:
        NotAllowedError: full numbers are for who has the ticket, and for supervisors.
        InvalidInputError: full numbers without a reason.
    """
    _refuse_unless_due(ticket, wanted, by.staff)
    show: Callable[[str], str] = str if wanted.numbers else masked
    resident = session.get_one(Resident, ticket.resident_id)
    deeds = thread.history(session, ticket)
    bubbles = thread.bubbles(session, ticket, deeds=deeds, most=MOST)
    said = [
        _said(it, resident, by, show, pictures=wanted.pictures)
        for it in bubbles
        if wanted.notes or it.who != From.NOTE
    ]
    _keep_record(session, ticket, wanted, by)
    return Sheet(
        f"{ticket.number} 对话记录",
        _facts(session, ticket, resident, by, show),
        said,
        f"{by.staff.name} {by.moment(by.now)} 打印 · {_says(wanted)}",
    )


def _refuse_unless_due(ticket: Ticket, wanted: Wanted, staff: Staff) -> None:
    if not wanted.numbers:
        return
    if ticket.assignee_id != staff.id and staff.role != Role.SUPERVISOR:
        msg = "完整的电话、证件号只有负责人和督导能印。"
        raise NotAllowedError(msg)
    if not wanted.reason.strip():
        msg = "要印完整的电话、证件号，请写为什么、给谁。"
        raise InvalidInputError(msg)


def _keep_record(session: Session, ticket: Ticket, wanted: Wanted, by: Printer) -> None:
    extent: JsonObject = {
        "notes": wanted.notes,
        "numbers": wanted.numbers,
        "pictures": wanted.pictures,
    }
    audit.record(
        session, deed="ticket.print", now=by.now, staff_id=by.staff.id,
        subject=audit.of_ticket(ticket.number), **extent,
    )  # fmt: skip
    reason = wanted.reason.strip() if wanted.numbers else ""
    note_event(session, ticket, "printed", now=by.now, staff=by.staff, text=reason, **extent)


def _facts(
    session: Session, ticket: Ticket, resident: Resident, by: Printer, show: Callable[[str], str]
) -> list[tuple[str, str]]:
    about = [it.person.alias for it in persons_of(session, ticket, by.staff) if it.about]
    assignee = session.get(Staff, ticket.assignee_id) if ticket.assignee_id else None
    rows = [
        ("编号", ticket.number),
        ("居民", resident.alias),
        ("是谁的事", "、".join(about)),
        ("事项", by.topic(ticket.topic) if ticket.topic != "none" else ""),
        ("地点", full_name(ticket.area_code) or ""),
        ("登记", by.moment(ticket.opened_at)),
        ("负责人", assignee.name if assignee else ""),
        ("现在", STATE_NAMES[State(ticket.state)]),
        ("结果", show(ticket.outcome)),
    ]
    return [(label, text) for label, text in rows if text]


def _said(
    bubble: Bubble, resident: Resident, by: Printer, show: Callable[[str], str], *, pictures: bool
) -> Said:
    who = {
        From.RESIDENT: resident.alias,
        From.BOT: "机器人",
        From.PERSON: f"社工 {bubble.name}",
        From.NOTE: f"内部备注 {bubble.name}",
    }[bubble.who]
    stored = bubble.media is not None and bubble.media.state == "stored"
    otherwise = OTHERWISE.get(bubble.kind, "")
    ours = bubble.who in {From.BOT, From.PERSON}
    unsent = NOT_THERE if ours and bubble.send_state != SendState.ACCEPTED else ""
    return Said(
        who=who,
        kind=str(bubble.who),
        at=by.moment(bubble.at),
        text=(show(f"{otherwise}{bubble.text}") or f"（{bubble.kind}）") + unsent,
        picture=bubble.media if pictures and stored and bubble.kind == "image" else None,
    )


def _says(wanted: Wanted) -> str:
    parts = [
        "含内部备注，不要交给居民或对方" if wanted.notes else "没有印内部备注",
        "号码完整" if wanted.numbers else "电话、证件号已遮住",
    ]
    return "；".join(parts)
