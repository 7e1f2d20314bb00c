"""Waiting until what was committed into a SQLite file is on the disk: several in one go."""

import os
import sqlite3
import threading
from contextlib import closing, suppress
from pathlib import Path

WAITS_SECONDS = 2.0
"""How long a log with a hole waits for those who use it, before the commit counts as failed."""


class Disk:
    """
    Brings commits to the disk after the turn to write was given up.

    With `synchronous=FULL` SQLite does it before it lets the next one write: everybody waits
    for everybody's disk, two to eight milliseconds each, and two processes come to no more
    than one.  Here nobody's commit returns before it is on the disk either, but others write
    meanwhile, and those who wait at the same time share one call of the system.

    Others may read, for that moment, what is not on the disk yet.  Whatever they do with it
    that a resident notices they write first, and the log is brought to the disk as a whole.

    What a disk did not take it is not given again: the system tells so once and then holds the
    page for written.  All that follows in the log would be worth nothing after a power cut.  So a
    file beside the database says that the log has a hole, for every process, until all of it is
    in the database itself.
    """

    def __init__(self, database: str) -> None:
        """Watch over the write-ahead log of the file *database*."""
        self._database, self._log = database, Path(f"{database}-wal")
        self._hole = Path(f"{database}-hole")
        self._told = threading.Condition()
        self._wanted = self._done = self._failed = 0
        self._busy = False
        self._opened: int | None = None

    def wait(self) -> None:
        """
        Return once everything that was committed before this call is on the disk.

        Raises:
            OSError: it is not, and whether it will be nobody knows.
        """
        with self._told:
            self._wanted += 1
            mine = self._wanted
            self._told.wait_for(lambda: mine <= max(self._done, self._failed) or not self._busy)
            if mine <= self._failed:
                msg = "the disk takes nothing"
                raise OSError(msg)
            if mine <= self._done:
                return
            self._busy, last = True, self._wanted
        self._bring(last)

    def _bring(self, last: int) -> None:
        brought = False
        try:
            self._bring_log()
            brought = True
        finally:
            with self._told:
                self._busy = False
                if brought:
                    self._done = last
                else:
                    self._failed = last
                self._told.notify_all()

    def _bring_log(self) -> None:
        try:
            self._log_to_disk()
        except OSError:
            with suppress(OSError):
                self._hole.touch()
            raise
        with suppress(FileNotFoundError):  # asked last: another process may have met it just now
            found = self._hole.stat().st_mtime_ns
            _into_the_database(self._database)
            if self._hole.stat().st_mtime_ns == found:
                self._hole.unlink()

    def _log_to_disk(self) -> None:
        # One descriptor for as long as the log is the same: the system tells each of them of a
        # failure, but one that is opened after somebody was told hears nothing.
        try:
            log = self._log.stat()
        except FileNotFoundError:
            return  # everything is in the database: SQLite saw to the disk before it took it away
        if self._opened is None or not os.path.samestat(os.fstat(self._opened), log):
            self._close()
            self._opened = os.open(self._log, os.O_RDWR | os.O_CLOEXEC)
        os.fdatasync(self._opened)

    def _close(self) -> None:
        if self._opened is not None:
            os.close(self._opened)
            self._opened = None

    def __del__(self) -> None:
        """Close the log."""
        self._close()


def _into_the_database(database: str) -> None:
    """
    Copy all that the log holds, as memory knows it, into the database, and begin a new log.

    Raises:
        OSError: the disk does not take it, or somebody reads or writes all the time.
    """
    try:
        with closing(sqlite3.connect(database, timeout=WAITS_SECONDS)) as connection:
            connection.execute("PRAGMA synchronous=FULL")
            ((busy, *_),) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except sqlite3.Error as error:
        raise OSError(str(error)) from None
    if busy:
        msg = "the log has a hole, and is in use"
        raise OSError(msg)
