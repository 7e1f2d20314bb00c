"""What tests of the outbox do again and again."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot import outbox
from bot.outbox import OutboundMessage, Result, Sendable
from bot.wechat import budget
from bot.wechat.outcomes import error_for
from tests.conftest import NOW

LEASE = timedelta(seconds=30)
ACCEPTED = Result("accepted", 0)


def put(session: Session, resident_id: int, *texts: str) -> list[OutboundMessage]:
    return [
        row
        for text in texts
        for row in outbox.enqueue(session, resident_id=resident_id, text=text, now=NOW)
    ]


def claim(session: Session, now: datetime = NOW) -> Sendable:
    sendable = outbox.claim(session, now=now, lease=LEASE)
    assert sendable is not None
    return sendable


def send(session: Session, result: Result = ACCEPTED, now: datetime = NOW) -> OutboundMessage:
    sendable = claim(session, now)
    outbox.note_result(session, sendable, result, now=now)
    return session.get_one(OutboundMessage, sendable.outbound_id)


def failure(code: int) -> Result:
    return Result(error_for(code).outcome, code)


def left(session: Session, resident_id: int) -> int:
    return budget.left(session, resident_id, now=NOW).left
