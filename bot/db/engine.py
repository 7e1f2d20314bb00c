"""One engine per process, and the only place a transaction is opened."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, MetaData, Table, create_engine, event, make_url
from sqlalchemy.exc import DisconnectionError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from bot.db.disk import Disk
from bot.db.turns import BUSY_MILLISECONDS, Turn, has_file

IDLE_SECONDS = 1.0
_TURN = "turn"
"""Where a connection keeps whether it is its turn to write."""
_WRITES = "writes"
"""Where it keeps whether its transaction may write."""
_LEFT_AT = "left_at"
"""Where a connection keeps since when nobody uses it."""
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


_TURNS: WeakKeyDictionary[Engine, Turn] = WeakKeyDictionary()
_DISKS: WeakKeyDictionary[Engine, Disk] = WeakKeyDictionary()


class Base(DeclarativeBase):
    """Base class of every table."""

    metadata = MetaData(naming_convention=NAMES)


def table_of(mapped: type[Base]) -> Table:
    """Return the table of a class, for a statement that needs no objects: a third of the time."""
    return cast("Table", mapped.__table__)


def make_engine(url: str, *, connect_seconds: int = 0, durable: bool = True) -> Engine:
    """
    Return an engine for *url*; SQLite gets WAL, full durability and write locks that wait.

    What was committed is on the disk when the commit returns, with either database.

    The connection used last is used next: its statements are prepared, its pages at hand.

    *connect_seconds*: so long a server may take to answer; 0: as long as the system waits.
    *durable* False is for a file that is thrown away.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        engine = create_engine(
            parsed, pool_size=20, max_overflow=20, pool_use_lifo=True,
            connect_args={"connect_timeout": connect_seconds} if connect_seconds else {},
        )  # fmt: skip
        _try_what_lay_idle(engine)
        return engine
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    waits = {"timeout": BUSY_MILLISECONDS / 1000}
    ordered = {"pool_use_lifo": True} if has_file(parsed.database) else {}
    engine = create_engine(parsed, pool_size=40, connect_args=waits, **ordered)
    event.listen(engine, "connect", _prepare_sqlite)
    if parsed.database and has_file(parsed.database) and durable:
        _DISKS[engine] = Disk(parsed.database)
    _TURNS[engine] = Turn(parsed.database)
    _take_turns(engine, _TURNS[engine], _DISKS.get(engine))
    return engine


@contextmanager
def engine_at(url: str, *, durable: bool = True) -> Iterator[Engine]:
    """Open an engine for a piece of work, such as a command, and close it afterwards."""
    engine = make_engine(url, durable=durable)
    try:
        yield engine
    finally:
        engine.dispose()


def _prepare_sqlite(connection: Any, record: object) -> None:  # noqa: ANN401 (DBAPI object)
    del record
    # The driver must not open transactions by itself: _begin_sqlite does.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
    ((mode,),) = connection.execute("PRAGMA journal_mode=WAL").fetchall()
    # Alone, NORMAL loses the last commits at power loss, and a message we have acknowledged
    # must not be among them: Disk does the rest, which it can with a log only.
    connection.execute(f"PRAGMA synchronous={'NORMAL' if mode == 'wal' else 'FULL'}")
    connection.execute("PRAGMA foreign_keys=ON")


def _try_what_lay_idle(engine: Engine) -> None:
    """
    Let a connection that lay unused say something before it is given out.

    One that was in use a moment ago is hardly dead, and asking it each time (`pool_pre_ping`)
    is another way to the server and back for every transaction.
    """

    def left(_: object, record: ConnectionPoolEntry) -> None:
        record.info[_LEFT_AT] = time.monotonic()

    def taken(connection: Any, record: ConnectionPoolEntry, _: object) -> None:  # noqa: ANN401
        idle = time.monotonic() - record.info.get(_LEFT_AT, time.monotonic())
        if idle < IDLE_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError(type(error).__name__) from None  # the pool makes another

    event.listen(engine, "checkin", left)
    event.listen(engine, "checkout", taken)


def _take_turns(engine: Engine, turn: Turn, disk: Disk | None) -> None:
    """Let writers, which wait for SQLite badly, wait for each other before they ask it."""
    commit = engine.dialect.do_commit

    def begin(connection: Connection) -> None:
        # A transaction that reads first and writes later fails at once with "database is
        # locked" instead of waiting; taking the write lock at the start waits.
        reads = connection.get_execution_options().get("read_only", False)
        connection.info[_WRITES] = not reads
        if not reads and not connection.info.get(_TURN):
            connection.info[_TURN] = turn.take()
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    def give(info: dict[str, Any]) -> None:
        if info.pop(_TURN, False):
            turn.give()

    def ended(_: object, record: ConnectionPoolEntry, __: object) -> None:
        give(record.info)

    def committed(connection: PoolProxiedConnection) -> None:
        commit(connection)
        give(connection.info)
        if disk and connection.info.get(_WRITES):
            try:
                disk.wait()
            except OSError as error:
                raise sqlite3.OperationalError(str(error)) from None

    # No event tells that a commit is over.
    engine.dialect.do_commit = committed  # type: ignore[assignment, method-assign]
    event.listen(engine, "begin", begin)
    # When the connection comes back, its transaction is over.
    event.listen(engine, "reset", ended)
    event.listen(engine, "invalidate", ended)


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """
    Open a session, commit on success, roll back on any error.

    Only the edges (handlers, worker, jobs, command line) call this.  Everything
    below is handed an open session and never commits, so one action of one
    person is one transaction.
    """
    turn = _TURNS.get(engine)
    with (
        Session(engine, expire_on_commit=False) as session,
        turn.ahead() if turn else nullcontext(),
        session.begin(),
    ):
        yield session


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Open a session that only reads: it never waits for a writer, and holds none up."""
    connection = engine.connect().execution_options(read_only=True)
    with connection, Session(connection, expire_on_commit=False) as session:
        yield session


def on_disk(engine: Engine) -> None:
    """
    Wait until all that can be read now is on the disk, whoever committed it.

    Raises:
        sqlalchemy.exc.OperationalError: the disk fails.
    """
    disk = _DISKS.get(engine)
    if disk:  # PostgreSQL lets nobody read what is not
        try:
            disk.wait()
        except OSError as error:
            raise OperationalError(None, None, error) from None


@contextmanager
def one_moment(engine: Engine) -> Iterator[Connection]:
    """Open a connection that sees the database as it is now, whatever others write meanwhile."""
    connected = engine.connect().execution_options(read_only=True)
    if engine.dialect.name == "postgresql":
        connected = connected.execution_options(isolation_level="REPEATABLE READ")
    with connected as connection, connection.begin():
        yield connection


@contextmanager
def whole(engine: Engine) -> Iterator[Connection]:
    """Open a connection that writes everything or nothing: for filling a whole database."""
    with engine.begin() as connection:
        yield connection
