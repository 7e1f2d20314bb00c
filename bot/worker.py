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

from bot import inbox, media, metrics, outbox, worker_loops
from bot.contracts import Action
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
from bot.worker_loops import Work, work
from bot.worker_staff import make_codes, tell_staff

log = structlog.get_logger(__name__)

BEAT_SECONDS = 5.0
CHAIN_SECONDS = 3.0


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
    follow: Callable[[], bool] = lambda: False
    """Brings this host to the NLU model that is chosen for all."""
    name: str = field(default_factory=lambda: f"{WORKER}:{socket.gethostname()}:{os.getpid()}")
    stop: threading.Event = field(default_factory=threading.Event)
    bell: Bell = field(default_factory=Bell)
    """Rung when there may be work."""


def send_next(worker: Worker) -> bool:
    """Send the next due message, with no transaction open meanwhile; False when none is due."""
    line = worker.line
    settings = line.tools.settings.outbox
    with reading(line.engine) as session:
        if not outbox.waits(session, now=line.now()):
            return False
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
    """Answer what a rush or a dead process left, danger first; False when there is nothing."""
    return _answer_next(worker.line, danger_only=False)


def answer_danger(worker: Worker) -> bool:
    """Answer what reads like a crisis, however many others are in work; False when nothing."""
    return _answer_next(worker.line, danger_only=True)


def _answer_next(line: Line, *, danger_only: bool) -> bool:
    with reading(line.engine) as session:
        if not inbox.left_over(session, now=line.now(), danger_only=danger_only):
            return False
    with transaction(line.engine) as session:
        found = inbox.next_leftover(session, now=line.now(), danger_only=danger_only)
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
                can_wait=message.action != Action.CRISIS,
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


def follow_model(worker: Worker) -> bool:
    """Have this host answer with the model that another one trained; False when it does."""
    return worker.follow()


def keep_alive(worker: Worker) -> bool:
    """Show that the worker lives; always False, so that it is done once per pause."""
    with transaction(worker.line.engine) as session:
        beat(session, worker.name, now=worker.line.now())
    return False


def run(worker: Worker) -> None:
    """Work until told to stop; what is being sent is finished first."""
    settings = worker.line.tools.settings
    poll, helpers = settings.worker.poll_seconds, settings.worker.threads - 1
    works = [
        work(worker, send_next, poll, hears=True, helpers=helpers),
        work(worker, answer_next, poll * 2, hears=True, helpers=helpers),
        work(worker, answer_danger, poll, hears=True),
        work(worker, hand_over, poll * 10),
        work(worker, fetch_media, poll * 2, hears=True),
        work(worker, show_typing, poll),
        work(worker, make_scenes, poll * 4),
        work(worker, encode_entries, poll),
        work(worker, chain_audit, CHAIN_SECONDS),
        work(worker, tell_staff, poll, hears=True),
        work(worker, make_codes, poll),
        work(worker, follow_model, BEAT_SECONDS),
        work(worker, keep_alive, BEAT_SECONDS),
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


def _chores(worker: Worker, threads: int) -> list[Work]:
    """Return what hands out chores and does so many at a time, which may be none."""
    poll = worker.line.tools.settings.worker.poll_seconds
    doing = [work(worker, do_next, poll, hears=True)] * threads
    renewing = [work(worker, renew, BEAT_SECONDS)] if doing else []
    return [work(worker, hand_out, poll * 2, hears=True), *doing, *renewing]


@contextmanager
def _working(worker: Worker, works: Iterable[Work]) -> Iterator[None]:
    """Do all this while the block lasts, which SIGTERM is to end."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop.set())
    threads = worker_loops.start(works, bell=worker.bell, stop=worker.stop)
    listening = threading.Thread(target=_listen, args=(worker,), name="listen")
    listening.start()
    yield
    worker_loops.wait_for([*threads, listening], worker.bell)


def _listen(worker: Worker) -> None:
    listen(worker.line.engine, worker.bell.ring, stop=worker.stop)


def _show_menu(worker: Worker) -> None:
    """Let the phones of a demo have the menu; a real account gets it by `push-menu`."""
    try:
        push_menu(worker.api)
    except (SendLaterError, SendRefusedError) as error:
        log.info("menu_not_pushed", outcome=error.outcome)
