"""What a push is kept as: the message, the resident, and what it opens."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Boolean, Executable, Integer, String, bindparam
from sqlalchemy.orm import Session

from bot import inbox, media, outbox
from bot.contracts import Push
from bot.db.wake import announce
from bot.inbox import InboundMessage, Placing
from bot.people.residents import Writer, find_or_create, wrote
from bot.staff_line.recognising import is_bound
from bot.understanding.crisis import find_crisis
from bot.wechat import budget
from bot.wechat.push import PLATFORMS_OWN


@dataclass(frozen=True, slots=True)
class Stored:
    """A message as it was kept, for reading it."""

    inbound_id: int
    kind: str
    text: str
    attempts: int
    area: str
    """Where the resident lives, as far as was known then."""
    by_staff: bool
    """It came from the account of somebody who works, and perhaps is for us."""
    behind: bool = False
    """An earlier message of the resident is not answered yet, and is to be so first."""
    calm: bool = False
    """No rule of danger fires on it, as was seen a moment ago."""


def in_danger(push: Push) -> bool:
    """Say whether the words of a push hit a rule of danger, which takes a millisecond."""
    return find_crisis(push.text) is not None


def keep_push(session: Session, push: Push, placing: Placing, *, now: datetime) -> Stored:
    """
    Write the message and what it opens.

    Raises:
        sqlalchemy.exc.IntegrityError: the message is here already.
    """
    own = push.kind in PLATFORMS_OWN
    if own:
        found, _ = find_or_create(session, push.openid, now=now)
        writer = Writer(found.id, found.area_code)
    else:
        writer = wrote(session, push.openid, now=now)
        budget.opened_by_push(session, writer.id, push, now=now)
    # Asked after the budget's row is locked: whoever holds something back has it locked too,
    # and two messages of one resident come one after the other.
    values = inbox.as_kept(push, resident_id=writer.id, now=now, placing=placing)
    asked = {"writer": writer.id, "openid": push.openid, "this": push.key}
    asked["calm"] = placing.can_wait
    inbound_id, held, bound, behind = session.execute(_storing(), values | asked).one()
    if held and not own:
        outbox.release_held(session, writer.id, now=now)
    if push.kind in media.KINDS:
        media.queue(session, session.get_one(InboundMessage, inbound_id), now=now)
    if not placing.now:
        announce(session)
    return Stored(
        inbound_id,
        push.kind,
        push.text,
        attempts=1,
        area=writer.area_code,
        by_staff=bool(bound),
        behind=bool(behind),
        calm=placing.can_wait,
    )


@cache
def _storing() -> Executable:
    writer = bindparam("writer", type_=Integer)
    return inbox.storing(
        outbox.holds(writer),
        is_bound(bindparam("openid")),
        inbox.behind(writer, bindparam("this", type_=String), bindparam("calm", type_=Boolean)),
    )
