"""“对方正在输入” on a resident's phone while somebody writes to them; costs nothing of the budget.

The page says every few seconds that somebody types; the worker asks WeChat, as the
page must not wait for it.  WeChat shows the sign for 15 seconds, refuses to show it
again meanwhile, and wants a message in either direction within the last 30.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import exists, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.errors import SendLaterError, SendRefusedError
from bot.outbox.tables import OutboundMessage, SendState, TypingSign
from bot.people.tables import Resident

STILL = timedelta(seconds=8)
"""Who has not typed for so long has stopped."""
SHOWN_FOR = timedelta(seconds=15)
EXCHANGED_WITHIN = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose phone is to show the sign."""

    resident_id: int
    openid: str = field(repr=False)


class Typer(Protocol):
    """What shows the sign: the client of WeChat's API."""

    def typing(self, openid: str) -> None:
        """Show it; raise SendRefusedError or SendLaterError."""


def wish(session: Session, resident_id: int, *, now: datetime) -> None:
    """Note that somebody is typing to the resident at this moment."""
    bind = session.get_bind()
    insert = postgresql.insert if bind.dialect.name == "postgresql" else sqlite.insert
    values = {"resident_id": resident_id, "wanted_at": now}
    session.execute(
        insert(TypingSign)
        .values(values)
        .on_conflict_do_update(index_elements=["resident_id"], set_={"wanted_at": now})
    )


def claim_sign(session: Session, *, now: datetime) -> Wanted | None:
    """Return whose phone should show the sign now, at most once in its 15 seconds; else None."""
    spoken = exists().where(
        OutboundMessage.resident_id == TypingSign.resident_id,
        OutboundMessage.state == SendState.ACCEPTED,
        OutboundMessage.finished_at > now - EXCHANGED_WITHIN,
    )
    found = session.execute(
        select(TypingSign, Resident.openid)
        .join(Resident, Resident.id == TypingSign.resident_id)
        .where(
            TypingSign.wanted_at > now - STILL,
            or_(TypingSign.shown_at.is_(None), TypingSign.shown_at <= now - SHOWN_FOR),
            Resident.following,
            or_(Resident.last_inbound_at > now - EXCHANGED_WITHIN, spoken),
        )
        .order_by(TypingSign.wanted_at)
        .limit(1)
        .with_for_update(of=TypingSign, skip_locked=True)
    ).first()
    if found is None:
        return None
    sign, openid = found
    sign.shown_at = now
    session.flush()
    return Wanted(sign.resident_id, openid)


def show(api: Typer, wanted: Wanted) -> str:
    """Ask WeChat, with no transaction open; return how it ended.  A sign is never tried again."""
    try:
        api.typing(wanted.openid)
    except (SendRefusedError, SendLaterError) as error:
        return error.outcome
    return "shown"
