"""What works and what does not, in names an operator understands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.db.engine import reading
from bot.db.migrate import is_current
from bot.inbox import InboundMessage
from bot.outbox import OutboundMessage, SendState
from bot.processes import Heartbeat

SILENT_AFTER = timedelta(seconds=30)
WORKER = "worker"


@dataclass(frozen=True, slots=True)
class Health:
    """Whether a process can do its work, and a word on each thing it needs."""

    ok: bool
    parts: Mapping[str, str]


def check(engine: Engine, *, now: datetime) -> Health:
    """Return the state of the database, the worker and the two queues."""
    try:
        with reading(engine) as session:
            parts = {"worker": _worker(session, now), **_queues(session, now)}
        current = is_current(engine)
    except SQLAlchemyError as error:
        return Health(ok=False, parts={"database": f"failing: {type(error).__name__}"})
    parts["database"] = "ok" if current else "not migrated: run `python -m bot migrate`"
    return Health(ok=current, parts=parts)


def _worker(session: Session, now: datetime) -> str:
    last = session.scalar(select(func.max(Heartbeat.at)).where(Heartbeat.name.startswith(WORKER)))
    if last is None:
        return "never started"
    silent = now - last
    return "ok" if silent < SILENT_AFTER else f"silent for {int(silent.total_seconds())} s"


def _queues(session: Session, now: datetime) -> dict[str, str]:
    unanswered = session.scalar(
        select(func.count())
        .select_from(InboundMessage)
        .where(InboundMessage.answered_at.is_(None), InboundMessage.lease_until < now)
    )
    waiting = session.scalar(
        select(func.count())
        .select_from(OutboundMessage)
        .where(OutboundMessage.state == SendState.QUEUED, OutboundMessage.not_before < now)
    )
    return {"unanswered": str(unanswered), "outbox": str(waiting)}
