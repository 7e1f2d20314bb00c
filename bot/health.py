"""What works and what does not, in names an operator understands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import requests
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.chores.ledger import standing
from bot.db.engine import reading
from bot.db.form import fits
from bot.inbox import InboundMessage
from bot.outbox import OutboundMessage, SendState
from bot.processes import Heartbeat
from bot.workdays.calendar import overdue_lists

SILENT_AFTER = timedelta(seconds=30)
WORKER = "worker"
PROBE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Health:
    """Whether a process can do its work, and a word on each thing it needs."""

    ok: bool
    parts: Mapping[str, str]


def check(engine: Engine, *, now: datetime, nlu: Sequence[str] = ()) -> Health:
    """Return the state of database, worker, queues, and of the *nlu* at these addresses."""
    try:
        with reading(engine) as session:
            parts = {
                "worker": _worker(session, now),
                **_queues(session, now),
                "calendar": _calendar(session, now),
            }
        current = fits(engine)
    except SQLAlchemyError as error:
        return Health(ok=False, parts={"database": f"failing: {type(error).__name__}"})
    if nlu:
        parts["nlu"] = _nlu(nlu)
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
    chores = standing(session)
    found = {"unanswered": str(unanswered), "outbox": str(waiting), "chores": str(chores["open"])}
    return found | ({"chores_failed": str(chores["failed"])} if chores["failed"] else {})


def _calendar(session: Session, now: datetime) -> str:
    """Name what is provisional; promises hold all the same, so this is no failure."""
    missing = overdue_lists(session, today=now.date())
    years = ", ".join(map(str, missing))
    return f"provisional: load the holidays announced for {years}" if missing else "ok"


def _nlu(urls: Sequence[str]) -> str:
    """Ask each; without any the service goes on with its stand-in, so this is no failure."""
    serving = sum(_answers(url) for url in urls)
    if serving == len(urls):
        return "ok"
    return f"{serving} of {len(urls)} answer" if serving else "away: the stand-in reads messages"


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=PROBE_SECONDS, allow_redirects=False).ok
    except requests.RequestException:
        return False
