"""One engine per process, and the only place a transaction is opened."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy import (
    Connection,
    Engine,
    MetaData,
    Table,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.exc import DisconnectionError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry

from bot.db.disk import Disk
from bot.db.turns import BUSY_MILLISECONDS, Turn, has_file
from bot.db.writing import LATE, Late, prepare, take_turns

IDLE_SECONDS = 1.0
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
    event.listen(engine, "connect", prepare)
    if parsed.database and has_file(parsed.database) and durable:
        _DISKS[engine] = Disk(parsed.database)
    _TURNS[engine] = Turn(parsed.database)
    take_turns(engine, _TURNS[engine], _DISKS.get(engine))
    return engine


@contextmanager
def engine_at(url: str, *, durable: bool = True) -> Iterator[Engine]:
    """Open an engine for a piece of work, such as a command, and close it afterwards."""
    engine = make_engine(url, durable=durable)
    try:
        yield engine
    finally:
        engine.dispose()


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
def deciding(engine: Engine, rests_on: str, ident: int) -> Iterator[Session]:
    """
    Open a transaction that takes no turn before it first writes, or locks a row.

    Then it looks whether the rows that *rests_on* reads, for *ident* (`:id`), are the same.
    Where it is not the whole file that is locked, it is a transaction like any other.

    Raises:
        StaleError: they are not; nothing is written, and whoever decides has to begin anew.
    """
    if engine not in _TURNS:
        with transaction(engine) as session:
            yield session
        return

    def look(connection: Connection) -> list[object]:
        # Of the driver itself: SQLAlchemy works out names and types of 80 columns anew each time.
        bare = connection.connection.cursor()
        try:
            bare.execute(rests_on, {"id": ident})
            return list(bare.fetchall())
        except sqlite3.Error as error:
            raise OperationalError(rests_on, None, error) from None

    with (
        engine.connect().execution_options(**{LATE: Late(look)}) as connection,
        Session(connection, expire_on_commit=False) as session,
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
