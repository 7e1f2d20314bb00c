"""How each member of staff wants to be told, and which ways there are to them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.errors import InvalidInputError
from bot.notices.tables import Channel, NoticePreference, StaffWeChat
from bot.settings import Settings

OUTSIDE = (Channel.WECHAT, Channel.WECOM, Channel.EMAIL)
DEMO_TEMPLATE = "yunqiao-staff-notice"
LONGEST_MINUTES = 24 * 60
_EMAIL = re.compile(r"[^@\s<>\"',;:\\]{1,64}@[A-Za-z0-9.-]{1,180}\.[A-Za-z0-9-]{2,}")
_WECOM_USER = re.compile(r"[A-Za-z0-9._@-]{0,64}")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, slots=True)
class Preference:
    """How somebody is told."""

    channels: tuple[Channel, ...]
    """Besides the console, in order."""
    next_minutes: int
    quiet_from: str = ""
    quiet_until: str = ""
    email: str = ""
    wecom_user: str = ""


def of(session: Session, staff_id: int, settings: Settings) -> Preference:
    """Return how the person is told, as they set it or as it is set for all."""
    row = session.get(NoticePreference, staff_id)
    if row is None:
        ours = settings.alerts
        return Preference(
            channels=tuple(Channel(name) for name in ours.order),
            next_minutes=ours.next_channel_minutes,
            quiet_from=ours.quiet_from,
            quiet_until=ours.quiet_until,
        )
    return Preference(
        channels=tuple(Channel(name) for name in row.channels),
        next_minutes=row.next_minutes,
        quiet_from=row.quiet_from,
        quiet_until=row.quiet_until,
        email=row.email,
        wecom_user=row.wecom_user,
    )


def save(session: Session, staff_id: int, wanted: Preference) -> None:
    """
    Keep how the person wants to be told.

    Raises:
        InvalidInputError: an address, a time or an order cannot be; the text names the field.
    """
    _check(wanted)
    row = session.get(NoticePreference, staff_id) or NoticePreference(staff_id=staff_id)
    row.channels = [str(channel) for channel in wanted.channels]
    row.next_minutes = wanted.next_minutes
    row.quiet_from, row.quiet_until = wanted.quiet_from, wanted.quiet_until
    row.email, row.wecom_user = wanted.email, wanted.wecom_user
    session.add(row)
    session.flush()


def address(session: Session, staff_id: int, channel: str) -> str:
    """Return where the channel reaches the person; empty: nowhere."""
    if channel == Channel.WECHAT:
        bound = select(StaffWeChat.openid).where(StaffWeChat.staff_id == staff_id)
        return session.scalar(bound) or ""
    row = session.get(NoticePreference, staff_id)
    if channel == Channel.EMAIL:
        return row.email if row else ""
    # The robot speaks to the group; without a name there it speaks to nobody in particular.
    return (row.wecom_user if row else "") or "@"


def open_to(session: Session, staff_id: int, settings: Settings) -> Sequence[Channel]:
    """Return the channels besides the console that can reach the person, in their order."""
    ready = offered(settings)
    return [
        channel
        for channel in of(session, staff_id, settings).channels
        if channel in ready and address(session, staff_id, channel)
    ]


def template(settings: Settings) -> str:
    """Return the template of notices to staff; a demo needs none of its own."""
    return settings.alerts.template_id or (DEMO_TEMPLATE if settings.simulator.enabled else "")


def offered(settings: Settings) -> Sequence[Channel]:
    """Return the channels this installation has."""
    has = {
        Channel.WECHAT: template(settings),
        Channel.WECOM: settings.alerts.wecom_webhook.get_secret_value(),
        Channel.EMAIL: settings.mail.host and settings.mail.sender,
    }
    return [channel for channel in OUTSIDE if has[channel]]


def quiet_until(wanted: Preference, now: datetime, settings: Settings) -> datetime | None:
    """Return when the person's quiet hours end; None: these are none."""
    if not wanted.quiet_from or not wanted.quiet_until or wanted.quiet_from == wanted.quiet_until:
        return None
    there = now.astimezone(settings.zone)
    begins, ends = _clock(wanted.quiet_from), _clock(wanted.quiet_until)
    at = there.time()
    over_midnight = ends < begins
    quiet = (at >= begins or at < ends) if over_midnight else begins <= at < ends
    if not quiet:
        return None
    day = there.date() + timedelta(days=1 if over_midnight and at >= begins else 0)
    return datetime.combine(day, ends, tzinfo=settings.zone)


def _clock(text: str) -> time:
    return time.fromisoformat(text)


def _check(wanted: Preference) -> None:
    problem = ""
    channels = set(wanted.channels)
    if len(channels) != len(wanted.channels) or not channels <= set(OUTSIDE):
        problem = "提醒顺序里每种方式只能有一个。"
    elif not 1 <= wanted.next_minutes <= LONGEST_MINUTES:
        problem = "等几分钟要填 1 到 1440。"
    elif wanted.email and not _EMAIL.fullmatch(wanted.email):
        problem = "邮箱地址不对，请写成 name@example.org 这样。"
    elif Channel.EMAIL in channels and not wanted.email:
        problem = "邮箱地址还没有填；不用邮件就去掉电子邮件。"
    elif not _WECOM_USER.fullmatch(wanted.wecom_user):
        problem = "企业微信账号只能有字母、数字和 . _ @ -。"
    elif bool(wanted.quiet_from) != bool(wanted.quiet_until):
        problem = "免打扰时间要填开始和结束，不要就都空着。"
    elif any(at and not _CLOCK.fullmatch(at) for at in (wanted.quiet_from, wanted.quiet_until)):
        problem = "免打扰时间请写成 21:30 这样。"
    if problem:
        raise InvalidInputError(problem)
