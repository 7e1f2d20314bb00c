"""The worker: drains the outbox, answers what was left over, keeps the timetable."""

import os
import signal
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot import inbox, media, metrics, outbox
from bot.db.engine import reading, transaction
from bot.db.wake import Bell, listen
from bot.errors import SendLaterError, SendRefusedError
from bot.health import WORKER
from bot.jobs import run_timetable
from bot.line import Line, answer
from bot.notices.sending import Post
from bot.notices.tables import Channel
from bot.outbox import typing
from bot.processes import beat
from bot.wechat.client import WeChatApi
from bot.wechat.menu import push_menu
from bot.window import PassiveWindow
from bot.worker_audit import chain_record
from bot.worker_chores import Chores, do_next, hand_out, renew
from bot.worker_codes import make_next
from bot.worker_health import serve_health
from bot.worker_knowledge import Looked, encode_published
from bot.worker_staff import make_codes, tell_staff

log = structlog.get_logger(__name__)

BEAT_SECONDS = 5.0
CHAIN_SECONDS = 3.0
AFTER_AN_ERROR_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Worker:
    """What the worker works with."""

    line: Line
    api: WeChatApi
    posts: Mapping[Channel, Post] = field(default_factory=dict)
    """What carries notices to staff."""
    looked: Looked = field(default_factory=Looked)
    """At the knowledge base."""
    chores: Chores | None = None
    """What is needed to do chores; None: none are done."""
    name: str = field(default_factory=lambda: f"{WORKER}:{socket.gethostname()}:{os.getpid()}")
    stop: threading.Event = field(default_factory=threading.Event)
    bell: Bell = field(default_factory=Bell)
    """Rung when there may be work."""


Work = Callable[[Worker], bool]
"""One piece of work; False when there is none now."""


def send_next(worker: Worker) -> bool:
    """Send the next due message, with no transaction open meanwhile; False when none is due."""
    line = worker.line
    settings = line.tools.settings.outbox
    with transaction(line.engine) as session:
        sendable = outbox.claim(
            session,
            now=line.now(),
            lease=timedelta(seconds=settings.lease_seconds),
            limit_bytes=line.tools.settings.wechat.text_bytes,
        )
    if sendable is None:
        return False
    folder = line.tools.settings.service.data_dir / media.FOLDER
    result = outbox.deliver(worker.api, sendable, folder=folder)
    with transaction(line.engine) as session:
        outbox.note_result(session, sendable, result, now=line.now())
    metrics.SENT.labels(outcome=result.outcome).inc()
    log.info("sent", outbound=sendable.outbound_id, outcome=result.outcome)
    return True


def answer_next(worker: Worker) -> bool:
    """Answer the oldest message that a dead process left; False when there is none."""
    line = worker.line
    with transaction(line.engine) as session:
        found = inbox.next_leftover(session, now=line.now())
    if found is None:
        return False
    answer(line, found, window=PassiveWindow(0))
    return True


def hand_over(worker: Worker) -> bool:
    """Send through the outbox what no call of WeChat came to fetch."""
    line = worker.line
    with transaction(line.engine) as session:
        left = inbox.never_handed(session, now=line.now())
        for message in left:
            outbox.enqueue(
                session,
                resident_id=message.resident_id,
                text=message.passive_text,
                now=line.now(),
                limit_bytes=line.tools.settings.wechat.text_bytes,
                ticket_id=message.ticket_id,
                inbound_id=message.id,
                once_key=f"handed:{message.id}",
            )
    return bool(left)


def fetch_media(worker: Worker) -> bool:
    """Fetch the next picture or voice before WeChat forgets it; False when none is due."""
    line = worker.line
    with transaction(line.engine) as session:
        due = media.claim(session, now=line.now())
    if due is None:
        return False
    file = media.fetch(worker.api, due)
    with transaction(line.engine) as session:
        media.store(
            session, due, file, folder=line.tools.settings.service.data_dir, now=line.now()
        )
    return True


def show_typing(worker: Worker) -> bool:
    """Show on the next phone that somebody is writing; False when on none."""
    line = worker.line
    with reading(line.engine) as session:
        if not typing.claim_sign(session, now=line.now()):
            return False
    with transaction(line.engine) as session:
        wanted = typing.claim_sign(session, now=line.now())
    if wanted is None:
        return False
    metrics.TYPING.labels(outcome=typing.show(worker.api, wanted)).inc()
    return True


def make_scenes(worker: Worker) -> bool:
    """Fetch the next poster's QR code that is wanted; False when none is due."""
    return make_next(worker.line, worker.api)


def chain_audit(worker: Worker) -> bool:
    """Chain what the record has got since; False when nothing waits."""
    return chain_record(worker.line)


def encode_entries(worker: Worker) -> bool:
    """Have new texts of the knowledge base encoded; False when all are, or nobody can."""
    return encode_published(worker.line, worker.looked)


def keep_alive(worker: Worker) -> bool:
    """Show that the worker lives; always False, so that it is done once per pause."""
    with transaction(worker.line.engine) as session:
        beat(session, worker.name, now=worker.line.now())
    return False


def run(worker: Worker) -> None:
    """Work until told to stop; what is being sent is finished first."""
    settings = worker.line.tools.settings
    poll = settings.worker.poll_seconds
    works: list[tuple[Work, float]] = [
        *((send_next, poll), (answer_next, poll * 2), (hand_over, poll * 10)),
        *((fetch_media, poll * 2), (show_typing, poll), (make_scenes, poll * 4)),
        *((encode_entries, poll), (chain_audit, CHAIN_SECONDS)),
        *((tell_staff, poll), (make_codes, poll), (keep_alive, BEAT_SECONDS)),
        *_chores(worker, settings.worker.chores),
    ]
    with _working(worker, works):
        if settings.worker.port:
            serve_health(worker.line, host=settings.worker.host, port=settings.worker.port)
        if settings.service.mode == "demo":
            _show_menu(worker)
        with run_timetable(worker.line, holder=worker.name):
            worker.stop.wait()


def run_chores(worker: Worker) -> None:
    """Do nothing but chores until told to stop."""
    with _working(worker, _chores(worker, max(worker.line.tools.settings.worker.chores, 1))):
        worker.stop.wait()


def _chores(worker: Worker, threads: int) -> list[tuple[Work, float]]:
    """Return what hands out chores and does so many at a time, which may be none."""
    poll = worker.line.tools.settings.worker.poll_seconds
    doing: list[tuple[Work, float]] = [(do_next, poll)] * threads
    return [(hand_out, poll * 2), *doing, *([(renew, BEAT_SECONDS)] if doing else [])]


@contextmanager
def _working(worker: Worker, works: Iterable[tuple[Work, float]]) -> Iterator[None]:
    """Do all this while the block lasts, which SIGTERM is to end."""
    loops = [
        threading.Thread(target=_loop, args=(worker, work, pause), name=work.__name__)
        for work, pause in works
    ]
    loops.append(threading.Thread(target=_listen, args=(worker,), name="listen"))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop.set())
    for loop in loops:
        loop.start()
    yield
    for loop in loops:
        while loop.is_alive():  # one that was about to pause did not hear the last ring
            worker.bell.ring()
            loop.join(BEAT_SECONDS / 50)


def _listen(worker: Worker) -> None:
    listen(worker.line.engine, worker.bell.ring, stop=worker.stop)


def _show_menu(worker: Worker) -> None:
    """Let the phones of a demo have the menu; a real account gets it by `push-menu`."""
    try:
        push_menu(worker.api)
    except (SendLaterError, SendRefusedError) as error:
        log.info("menu_not_pushed", outcome=error.outcome)


def _loop(worker: Worker, work: Work, pause: float) -> None:
    """Repeat *work*; pause when there is none, and longer when something is broken."""
    while not worker.stop.is_set():
        try:
            wait = 0.0 if work(worker) else pause
        except SQLAlchemyError as error:
            log.warning("database", work=work.__name__, error=type(error).__name__)
            wait = AFTER_AN_ERROR_SECONDS
        except Exception as error:  # noqa: BLE001 (one bad row must not end the worker)
            log.error("work_failed", work=work.__name__, error=type(error).__name__)  # noqa: TRY400
            wait = AFTER_AN_ERROR_SECONDS
        worker.bell.wait(wait)
