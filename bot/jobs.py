"""The timetable: jobs that look for what is due, so that late or twice is harmless."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot import outbox
from bot.casefile.attachments import sweep_files
from bot.casefile.due import miss_tasks, remind_of_tasks
from bot.casefile.handing_on import hand_on_tasks
from bot.chores import ledger as chores
from bot.chores import nightly
from bot.db.engine import transaction
from bot.desk import presence
from bot.finding import upkeep
from bot.line import Line
from bot.notices.undelivered import tell_undelivered
from bot.people.signin import sessions
from bot.privacy import retention, unheeded
from bot.processes import hold
from bot.reports import exports, weekly
from bot.settings import Settings
from bot.tickets import absence, due, escalation, recounting, stuck, unsent, waiting
from bot.tickets.alarm import drill, ladder

log = structlog.get_logger(__name__)

LOCK = "timetable"
EVERY_SECONDS = 10
LEASE = timedelta(seconds=20)
"""Another process takes the timetable over this long after its holder died, and one look more."""


def _give_up_old(session: Session, *, now: datetime, settings: Settings) -> int:
    after = timedelta(hours=settings.outbox.give_up_after_hours)
    return outbox.give_up_old(session, now=now, after=after)


Job = Callable[..., int]
TIMETABLE: tuple[Job, ...] = (
    *(ladder.call_next, drill.call_next),
    *(absence.move_on, waiting.drain, waiting.sound_alarm),
    *(escalation.attend, recounting.recount, escalation.acknowledge),
    *(due.watch, due.tidy),
    *(unsent.keep_answers_true, stuck.tell_to_call),
    *(hand_on_tasks, remind_of_tasks, miss_tasks, sweep_files),
    _give_up_old,
    *(retention.expire, retention.delete_files),
    unheeded.remind,
    exports.expire,
    tell_undelivered,
    weekly.ask_for_due,
    *(nightly.ask_for_backup, nightly.ask_for_sweeping, chores.tidy),
    upkeep.catch_up,
    presence.tidy,
    sessions.tidy,
)


def run_due_jobs(line: Line, *, holder: str) -> int:
    """Do everything that is due, each job in its own transaction; 0 where another has the lock."""
    with transaction(line.engine) as session:
        if not hold(session, LOCK, holder, now=line.now(), lease=LEASE):
            return 0
    return sum(_run(line, job) for job in TIMETABLE)


def _run(line: Line, job: Job) -> int:
    try:
        with transaction(line.engine) as session:
            done = job(session, now=line.now(), settings=line.tools.settings)
    except SQLAlchemyError as error:
        log.warning("job_failed", job=job.__name__, error=type(error).__name__)
        return 0
    if done:
        log.info("job", job=job.__name__, done=done)
    return done


@contextmanager
def run_timetable(line: Line, *, holder: str) -> Iterator[None]:
    """Run the due jobs every few seconds in the background while the block lasts."""
    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.add_job(
        run_due_jobs,
        "interval",
        args=[line],
        kwargs={"holder": holder},
        seconds=EVERY_SECONDS,
        max_instances=1,
        coalesce=True,
        misfire_grace_time=None,
    )
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=True)
