"""Notices on their way out: claimed in one transaction, sent in none, noted in another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from bot.errors import SendLaterError, SendRefusedError
from bot.inbox import InboundMessage
from bot.notices import preferences, trouble, words
from bot.notices.tables import Channel, Fate, NoticeDelivery, StaffNotice
from bot.people.tables import Resident, Staff
from bot.tickets.tables import Ticket
from bot.wechat.outcomes import next_try

TRIES_BEFORE_TROUBLE = 3
GIVE_UP_AFTER = timedelta(days=1)
FINISHED = "event.templatesendjobfinish"
_MOST_SPARED_AT_ONCE = 50
_MOST_REPORTS = 20
_Row = tuple[NoticeDelivery, StaffNotice]


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message to one person over one channel; several notices where none is urgent."""

    deliveries: Mapping[int, int]
    """The attempt of each delivery, by id."""
    staff_id: int
    channel: Channel
    name: str
    text: str
    """Says that something waits, and nothing about the case."""
    numbers: tuple[str, ...]
    """Of the tickets, where there are any."""
    at: datetime
    address: str = field(repr=False)

    @property
    def once(self) -> str:
        """The same for every try of this message."""
        return f"notice-{min(self.deliveries)}"


class Post(Protocol):
    """What carries parcels over one channel."""

    def send(self, parcel: Parcel) -> str:
        """Send it; return the channel's name for it, or raise SendRefused- or SendLaterError."""


@dataclass(frozen=True, slots=True)
class Result:
    """How a try ended."""

    state: Fate
    reason: str = ""
    provider_id: str = ""


def claim(session: Session, *, now: datetime, lease: timedelta) -> Parcel | None:
    """Take what is due for the person who waits longest, urgent first; None: nothing is due."""
    for _ in range(_MOST_SPARED_AT_ONCE):
        first = session.execute(_due(now).limit(1)).first()
        if first is None:
            return None
        batch = _with_others(session, first[0], first[1], now)
        if batch:
            return _parcel(session, batch, now=now, lease=lease)
    return None


def deliver(posts: Mapping[Channel, Post], parcel: Parcel) -> Result:
    """Send, with no transaction open, and return how it ended."""
    post = posts.get(parcel.channel)
    if post is None or not parcel.address:
        return Result(Fate.REFUSED, "no_address")
    try:
        return Result(Fate.SENT, provider_id=post.send(parcel))
    except SendRefusedError as error:
        return Result(Fate.REFUSED, error.outcome)
    except SendLaterError as error:
        return Result(Fate.QUEUED, error.outcome)


def note_result(session: Session, parcel: Parcel, result: Result, *, now: datetime) -> None:
    """Write down how a try ended; what was refused goes on to the next channel at once."""
    mine = [
        (row, notice)
        for row, notice in session.execute(
            _rows(NoticeDelivery.id.in_(parcel.deliveries)).with_for_update()
        )
        if row.state == Fate.QUEUED and row.attempts == parcel.deliveries[row.id]
    ]
    for row, notice in mine:
        row.reason = result.reason
        if result.state == Fate.QUEUED:
            _again(row, notice, result, now)
        else:
            row.state, row.at, row.provider_id = result.state, now, result.provider_id
            if result.state == Fate.REFUSED:
                hurry(notice, now)
    _say_how_it_is(session, parcel, result, [row for row, _ in mine], now)
    session.flush()
    early = _reported_early(session, parcel, result)
    if early:
        note_finished(session, result.provider_id, early, now=now)


def note_finished(session: Session, provider_id: str, status: str, *, now: datetime) -> None:
    """Write down what WeChat says became of a notice it had taken."""
    found = session.execute(
        _rows(NoticeDelivery.provider_id == provider_id, NoticeDelivery.state == Fate.SENT)
    )
    reason = {"success": "", "failed:user block": "user_block"}.get(status, "system_failed")
    for row, notice in found.all():
        row.state, row.reason, row.at = Fate.REFUSED if reason else Fate.DELIVERED, reason, now
        if reason:
            hurry(notice, now)
            trouble.warn(
                session,
                staff_id=notice.staff_id,
                channel=row.channel,
                reason=reason,
                now=now,
            )
    session.flush()


def _reported_early(session: Session, parcel: Parcel, result: Result) -> str:
    """Return what WeChat reported before we had its number: it is as quick as that."""
    if not result.provider_id:
        return ""
    reports = session.scalars(
        select(InboundMessage.details)
        .join(Resident, Resident.id == InboundMessage.resident_id)
        .where(Resident.openid == parcel.address, InboundMessage.kind == FINISHED)
        .order_by(InboundMessage.id.desc())
        .limit(_MOST_REPORTS)
    )
    mine = [str(it["Status"]) for it in reports if it.get("MsgID") == result.provider_id]
    return mine[0] if mine else ""


def hurry(notice: StaffNotice, now: datetime) -> None:
    """Let an unseen notice go on to its next channel without waiting."""
    if notice.seen_at is None:
        notice.next_at = now


def _again(row: NoticeDelivery, notice: StaffNotice, result: Result, now: datetime) -> None:
    if now - row.at >= GIVE_UP_AFTER:
        row.state, row.reason, row.at = Fate.REFUSED, "given_up", now
        return
    row.not_before = next_try(result.reason, attempts=row.attempts, seed=row.id, now=now)
    if row.attempts == TRIES_BEFORE_TROUBLE:
        hurry(notice, now)


def _say_how_it_is(
    session: Session, parcel: Parcel, result: Result, rows: Sequence[NoticeDelivery], now: datetime
) -> None:
    stuck = any(row.attempts >= TRIES_BEFORE_TROUBLE for row in rows)
    if result.state == Fate.SENT:
        trouble.over(session, staff_id=parcel.staff_id, channel=parcel.channel)
    elif rows and (result.state == Fate.REFUSED or stuck):
        trouble.warn(
            session,
            staff_id=parcel.staff_id,
            channel=parcel.channel,
            reason=result.reason,
            now=now,
        )


def _due(now: datetime) -> Select[NoticeDelivery, StaffNotice]:
    waiting = (NoticeDelivery.state == Fate.QUEUED, NoticeDelivery.not_before <= now)
    return _locked(*waiting).order_by(
        StaffNotice.urgent.desc(), NoticeDelivery.not_before, NoticeDelivery.id
    )


def _with_others(
    session: Session, first: NoticeDelivery, notice: StaffNotice, now: datetime
) -> list[_Row]:
    """Return it with all else that may go in the same message; nothing that was seen."""
    batch: list[_Row] = [(first, notice)]
    if not notice.urgent:
        same = _due(now).where(
            StaffNotice.staff_id == notice.staff_id,
            NoticeDelivery.channel == first.channel,
            ~StaffNotice.urgent,
        )
        batch = [(row, told) for row, told in session.execute(same)]
    unseen = [(row, told) for row, told in batch if told.seen_at is None]
    for row, told in batch:
        if told.seen_at is not None:
            row.state, row.at = Fate.SPARED, now
    session.flush()
    return unseen


def _parcel(session: Session, batch: Sequence[_Row], *, now: datetime, lease: timedelta) -> Parcel:
    for row, _ in batch:
        row.attempts += 1
        row.not_before = now + lease
    session.flush()
    staff_id, channel = batch[0][1].staff_id, Channel(batch[0][0].channel)
    ids = {notice.ticket_id for _, notice in batch if notice.ticket_id is not None}
    numbers = session.scalars(select(Ticket.number).where(Ticket.id.in_(ids)).order_by(Ticket.id))
    return Parcel(
        deliveries={row.id: row.attempts for row, _ in batch},
        staff_id=staff_id,
        channel=channel,
        name=session.get_one(Staff, staff_id).name,
        text=words.outside([notice.kind for _, notice in batch]),
        numbers=tuple(numbers),
        at=batch[0][1].created_at,
        address=preferences.address(session, staff_id, channel),
    )


def _locked(*conditions: ColumnElement[bool]) -> Select[NoticeDelivery, StaffNotice]:
    """Return the query for deliveries that no other worker has in hand."""
    return _rows(*conditions).with_for_update(of=NoticeDelivery, skip_locked=True)


def _rows(*conditions: ColumnElement[bool]) -> Select[NoticeDelivery, StaffNotice]:
    return (
        select(NoticeDelivery, StaffNotice)
        .join(StaffNotice, StaffNotice.id == NoticeDelivery.notice_id)
        .where(*conditions)
    )
