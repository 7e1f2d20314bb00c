"""
Binding a member of staff to their WeChat account.

The page shows a code that is good once and for ten minutes.  The account that
scans it gets a number, and only whoever types that number on the page, logged
in, binds it: neither a stranger who photographs the code nor a colleague who
has somebody scan theirs gets further than that.
"""

import hmac
import secrets
from datetime import datetime, timedelta
from urllib.parse import urlencode

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot import audit
from bot.errors import SendLaterError, SendRefusedError
from bot.notices import trouble
from bot.notices.tables import BindingOffer, Channel, StaffWeChat
from bot.people.tables import Staff
from bot.settings import PLATFORM, Settings
from bot.wechat.client import WeChatApi
from bot.wechat.staff_calls import create_passing_qr

PREFIX = "staff-"
CONSENT_PATH = "/staff/bind"
LASTS = timedelta(minutes=10)
MOST_TRIES = 5
_DIGITS = 6
_CONSENT_PAGES = "https://open.weixin.qq.com"


def offer(session: Session, staff_id: int, *, now: datetime) -> BindingOffer:
    """Open an offer and end the person's earlier ones; the worker has its code made."""
    _end_offers(session, staff_id, now=now)
    scene = PREFIX + secrets.token_hex(20)
    made = BindingOffer(staff_id=staff_id, scene=scene, expires_at=now + LASTS)
    session.add(made)
    session.flush()
    return made


def without_code(session: Session, *, now: datetime) -> tuple[int, str] | None:
    """Return an offer that has no code yet, and its scene."""
    good = (BindingOffer.done_at.is_(None), BindingOffer.expires_at > now)
    row = session.execute(
        select(BindingOffer.id, BindingOffer.scene)
        .where(*good, BindingOffer.url == "", BindingOffer.problem == "")
        .order_by(BindingOffer.id)
        .limit(1)
    ).one_or_none()
    return (row[0], row[1]) if row and row[1] else None


def ask_for_code(api: WeChatApi, scene: str) -> tuple[str, str]:
    """Have WeChat make a code, with no transaction open; return what it holds, or what failed."""
    try:
        return create_passing_qr(api, scene, seconds=int(LASTS.total_seconds())), ""
    except (SendRefusedError, SendLaterError) as error:
        return "", error.outcome


def note_code(session: Session, offer_id: int, url: str, problem: str) -> None:
    """Keep the code of an offer, or why there is none."""
    made = session.get(BindingOffer, offer_id)
    if made is not None:
        made.url, made.problem = url, problem


def running(session: Session, staff_id: int, *, now: datetime) -> BindingOffer | None:
    """Return the person's offer that is still good."""
    return session.scalar(
        select(BindingOffer)
        .where(
            BindingOffer.staff_id == staff_id,
            BindingOffer.done_at.is_(None),
            BindingOffer.expires_at > now,
        )
        .order_by(BindingOffer.id.desc())
        .limit(1)
    )


def find(session: Session, scene: str, *, now: datetime) -> BindingOffer | None:
    """Return the good offer whose secret this scene is, locked."""
    if not scene.startswith(PREFIX):
        return None
    good = (BindingOffer.done_at.is_(None), BindingOffer.expires_at > now)
    return session.scalar(
        select(BindingOffer).where(BindingOffer.scene == scene, *good).with_for_update()
    )


def is_good(session: Session, scene: str, *, now: datetime) -> bool:
    """Say whether an offer with this secret runs, without locking it."""
    good = (BindingOffer.done_at.is_(None), BindingOffer.expires_at > now)
    found = select(BindingOffer.id).where(BindingOffer.scene == scene, *good)
    return session.scalar(found) is not None


def consent_page(made: BindingOffer, settings: Settings) -> str:
    """
    Return the page on which WeChat tells us who opens it; for a console opened inside WeChat.

    Empty where our public address is not set, or the offer is over.
    """
    public = settings.web.public_url.rstrip("/")
    if not public or not made.scene:
        return ""
    ours = {
        "appid": settings.wechat.app_id,
        "redirect_uri": f"{public}{CONSENT_PATH}",
        "response_type": "code",
        "scope": "snsapi_base",
        "state": made.scene.removeprefix(PREFIX),
    }
    base = _CONSENT_PAGES if settings.api_base == PLATFORM else settings.api_base
    return f"{base}/connect/oauth2/authorize?{urlencode(ours)}#wechat_redirect"


def scanned(session: Session, made: BindingOffer, openid: str) -> str:
    """
    Note who scanned the code; return the number to show on that phone.

    The first scan counts; empty: somebody else was first.
    """
    if made.openid not in {"", openid}:
        return ""
    if not made.openid:
        made.openid = openid
        made.number = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"
        session.flush()
    return made.number


def confirm(session: Session, person: Staff, number: str, *, now: datetime) -> str:
    """
    Bind the account whose phone shows *number*; an earlier binding of either ends.

    Returns what is wrong, for the person to read; empty: it is bound.  No error, since a
    wrong try has to be counted.
    """
    made = running(session, person.id, now=now)
    if made is None or not made.openid:
        return "二维码过期了，或者还没有扫。请重新扫一次。"
    made.tries += 1
    if not hmac.compare_digest(made.number.encode(), number.strip().encode()):
        if made.tries >= MOST_TRIES:
            _end_offers(session, person.id, now=now)
            return "试错太多次，请重新扫一次二维码。"
        return "数字不对，请看手机微信上的六位数字。"
    _end_offers(session, person.id, now=now)
    old = StaffWeChat.staff_id == person.id
    session.execute(delete(StaffWeChat).where(old | (StaffWeChat.openid == made.openid)))
    session.add(
        StaffWeChat(
            staff_id=person.id,
            openid=made.openid,
            bound_at=now,
            epoch=person.session_epoch,
        )
    )
    trouble.over(session, staff_id=person.id, channel=Channel.WECHAT)
    _record(session, "staff.bind_wechat", person, now)
    session.flush()
    return ""


def unbind(session: Session, person: Staff, *, now: datetime) -> None:
    """End the binding; nothing of this person goes to WeChat any more."""
    session.execute(delete(StaffWeChat).where(StaffWeChat.staff_id == person.id))
    _end_offers(session, person.id, now=now)
    trouble.over(session, staff_id=person.id, channel=Channel.WECHAT)
    _record(session, "staff.unbind_wechat", person, now)
    session.flush()


def bound(session: Session, staff_id: int) -> StaffWeChat | None:
    """Return the person's binding."""
    return session.get(StaffWeChat, staff_id)


def of_openid(session: Session, openid: str) -> tuple[StaffWeChat, Staff] | None:
    """Return whose account this is; only people whose account is in use."""
    row = session.execute(
        select(StaffWeChat, Staff)
        .join(Staff, Staff.id == StaffWeChat.staff_id)
        .where(StaffWeChat.openid == openid, Staff.active)
    ).one_or_none()
    return (row[0], row[1]) if row else None


def _end_offers(session: Session, staff_id: int, *, now: datetime) -> None:
    still = (BindingOffer.staff_id == staff_id, BindingOffer.done_at.is_(None))
    session.execute(update(BindingOffer).where(*still).values(done_at=now, scene=None, url=""))


def _record(session: Session, deed: str, person: Staff, now: datetime) -> None:
    subject = f"staff:{person.id}"
    audit.record(session, deed=deed, staff_id=person.id, subject=subject, now=now)
