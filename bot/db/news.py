"""
Telling every console over Redis that something its pages may show was written.

Redis holds one number, raised after every commit that wrote any of it, and for some seconds
which requests were answered with "nothing new" while it was what: no content, no count and no
name.  Where Redis is away every page asks the database, as without it; what could not be told
is told when it is back.
"""

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import cast
from weakref import WeakKeyDictionary

import redis
import structlog
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import Engine, event, inspect
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from bot.db.engine import Base

log = structlog.get_logger(__name__)

NUMBER = "yunqiao:news"
ASKED = "yunqiao:nothing-new:"
LONGEST_SECONDS = 5
"""So long nothing new is said without the database: by then, what only time changes is seen,
and so is what a process could tell nobody because it or Redis died."""
WAIT_SECONDS = 0.3
AWAY_SECONDS = 2.0
GATHER_SECONDS = 0.02
QUIET = frozenset(
    {
        *("audit_event", "heartbeat", "process_lock", "chore", "shared_token"),
        *("ticket_counter", "ticket_gram", "knowledge_vector"),
        "presence",  # whoever comes, goes or begins to type is told by bot/desk/presence.py
    }
)
"""Tables that no page shows which asks anew by itself."""
QUIET_COLUMNS = {"staff_login": frozenset({"seen_at"})}
_TOLD = "news"
_OF: WeakKeyDictionary[Engine, "News"] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Look:
    """How things stand as a request comes."""

    number: bytes | None
    """None: Redis is away, and nothing is known."""
    nothing_new: bool = False
    """The same request was answered so a moment ago, and nothing was written since."""


class News:
    """The number in Redis; safe for many threads, and nobody ever waits long for it."""

    def __init__(self, url: str) -> None:
        """Take the address; it is asked for nothing yet."""
        self._redis = redis.Redis.from_url(
            url, socket_timeout=WAIT_SECONDS, socket_connect_timeout=WAIT_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )  # fmt: skip
        self._away_until = 0.0
        self._wanted = threading.Event()
        self._beginning = threading.Lock()
        self._teller: threading.Thread | None = None

    def tell(self) -> None:
        """Have the number raised, by a thread of its own: a commit does not wait for Redis."""
        self._wanted.set()
        if self._teller is None:
            with self._beginning:
                if self._teller is None:
                    self._teller = threading.Thread(
                        target=self._tell, name="tell-news", daemon=True
                    )
                    self._teller.start()

    def look(self, asked: str) -> Look:
        """Return how things stand for the request of this name, before it asks the database."""
        if time.monotonic() < self._away_until:
            return Look(None)
        try:
            found = self._redis.mget(NUMBER, ASKED + asked)
        except redis.RedisError as error:
            self._leave_alone(error)
            return Look(None)
        number, known = cast("list[bytes | None]", found)
        number = number or b"0"
        return Look(number, nothing_new=known == number)

    def keep(self, asked: str, look: Look) -> None:
        """Note that the request found nothing new; it began when things stood so."""
        if look.number is None:
            return
        try:
            self._redis.set(ASKED + asked, look.number, ex=LONGEST_SECONDS)
        except redis.RedisError as error:
            self._leave_alone(error)

    def _tell(self) -> None:
        while True:
            self._wanted.wait()
            self._wanted.clear()
            try:
                self._redis.incr(NUMBER)
            except redis.RedisError as error:
                self._leave_alone(error)
                self._wanted.set()
                time.sleep(AWAY_SECONDS)
            else:
                # Under load every message is news: one number does for them all.
                time.sleep(GATHER_SECONDS)

    def _leave_alone(self, error: redis.RedisError) -> None:
        self._away_until = time.monotonic() + AWAY_SECONDS
        log.warning("news_not_told", error=type(error).__name__)


def make_news(url: str, engine: Engine) -> News | None:
    """Have this process tell what it writes over the Redis at *url*; None without an address."""
    if not url:
        return None
    _listen()
    news = _OF[engine] = News(url)
    return news


def note(session: Session) -> None:
    """Let the consoles know when this transaction commits."""
    session.info[_TOLD] = True


@cache
def _listen() -> None:
    """Follow what sessions write; those of databases that tell nobody lose next to no time."""
    event.listen(Session, "do_orm_execute", _executed)
    event.listen(Session, "after_flush", _flushed)
    event.listen(Session, "after_commit", _committed)


def _executed(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        table = getattr(state.statement, "table", None)
        if table is None or table.name not in QUIET:
            note(state.session)


def _flushed(session: Session, _: UOWTransaction) -> None:
    changed = (row for row in session.dirty if session.is_modified(row))
    if _TOLD not in session.info and any(
        _shown(rows) for rows in (session.new, session.deleted, changed)
    ):
        note(session)


def _shown(rows: Iterable[Base]) -> bool:
    return any(row.__tablename__ not in QUIET and not _quietly(row) for row in rows)


def _quietly(row: Base) -> bool:
    """Say whether only such columns changed as no page shows."""
    quiet = QUIET_COLUMNS.get(row.__tablename__)
    if quiet is None:
        return False
    return {it.key for it in inspect(row).attrs if it.history.has_changes()} <= quiet


def _committed(session: Session) -> None:
    # Also called where a savepoint ends, which commits nothing yet.
    if _TOLD in session.info and not session.in_nested_transaction():
        del session.info[_TOLD]
        news = _OF.get(session.get_bind().engine)
        if news is not None:
            news.tell()
