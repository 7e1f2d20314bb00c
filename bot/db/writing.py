"""How a connection to SQLite reads and writes: whose turn it is, and what is on the disk."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Engine, ExecutionContext, event
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from bot.db.disk import Disk
from bot.db.turns import BUSY_MILLISECONDS, Turn

_TURN = "turn"
"""Where a connection keeps whether it is its turn to write."""
_WRITES = "writes"
"""Where it keeps whether its transaction may write."""
LATE = "late"
"""Where it keeps that its transaction only reads until it first writes: a `Late`."""
WATCHED = "watched"
"""An execution option: the statement locks only rows that a `Late` looks at."""


class StaleError(Exception):
    """What was decided rests on rows that have changed meanwhile; nothing was written."""


@dataclass(frozen=True, slots=True)
class Late:
    """How a transaction that reads first sees, once it may write, whether it has to begin anew."""

    look: Callable[[Connection], object]
    """Reads what is decided on."""
    seen: object = None


def prepare(connection: Any, record: object) -> None:  # noqa: ANN401 (DBAPI object)
    """Set up a new connection: a log, full durability, and no transactions of its own."""
    del record
    # The driver must not open transactions by itself: `begin` does.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
    ((mode,),) = connection.execute("PRAGMA journal_mode=WAL").fetchall()
    # Alone, NORMAL loses the last commits at power loss, and a message we have acknowledged
    # must not be among them: Disk does the rest, which it can with a log only.
    connection.execute(f"PRAGMA synchronous={'NORMAL' if mode == 'wal' else 'FULL'}")
    connection.execute("PRAGMA foreign_keys=ON")


def take_turns(engine: Engine, turn: Turn, disk: Disk | None) -> None:
    """Let writers, which wait for SQLite badly, wait for each other before they ask it."""
    writers = _Writers(turn, disk, engine.dialect.do_commit)
    # No event tells that a commit is over.
    engine.dialect.do_commit = writers.commit  # type: ignore[assignment, method-assign]
    event.listen(engine, "begin", writers.begin)
    event.listen(engine, "before_cursor_execute", writers.before)
    # When the connection comes back, its transaction is over.
    event.listen(engine, "reset", writers.ended)
    event.listen(engine, "invalidate", writers.ended)


@dataclass(frozen=True, slots=True)
class _Writers:
    turn: Turn
    disk: Disk | None
    bare_commit: Callable[[PoolProxiedConnection], None]

    def begin(self, connection: Connection) -> None:
        # A transaction that reads first and writes later fails at once with "database is
        # locked" instead of waiting; taking the write lock at the start waits.
        options = connection.get_execution_options()
        late: Late | None = options.get(LATE)
        connection.info[_WRITES] = False
        if late is not None:  # until it writes each statement is a transaction of its own
            connection.info[LATE] = replace(late, seen=late.look(connection))
        elif options.get("read_only", False):
            connection.exec_driver_sql("BEGIN")
        else:
            self._write(connection)

    def before(self, connection: Connection, _: object, statement: str, *rest: Any) -> None:  # noqa: ANN401
        if LATE not in connection.info or _only_reads(statement, rest[1]):
            return
        late: Late = connection.info.pop(LATE)
        self._write(connection)
        if late.look(connection) != late.seen:
            raise StaleError

    def _write(self, connection: Connection) -> None:
        if not connection.info.get(_TURN):
            connection.info[_TURN] = self.turn.take()
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.info[_WRITES] = True

    def commit(self, connection: PoolProxiedConnection) -> None:
        self.bare_commit(connection)
        self._give(connection.info)
        if self.disk and connection.info.get(_WRITES):
            try:
                self.disk.wait()
            except OSError as error:
                raise sqlite3.OperationalError(str(error)) from None

    def ended(self, _: object, record: ConnectionPoolEntry, __: object) -> None:
        record.info.pop(LATE, None)
        self._give(record.info)

    def _give(self, info: dict[str, Any]) -> None:
        if info.pop(_TURN, False):
            self.turn.give()


def _only_reads(statement: str, context: ExecutionContext | None) -> bool:
    """Say whether a statement neither writes nor wants a lock on a row that nobody watches."""
    if not statement.startswith("SELECT"):
        return False
    asked = context.invoked_statement if context else None
    locks = getattr(asked, "_for_update_arg", None) is not None
    return not locks or bool(context and context.execution_options.get(WATCHED))
