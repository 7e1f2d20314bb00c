"""Whose turn it is to write into a SQLite file: one writer after the other, in all processes."""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BUSY_MILLISECONDS = 10_000
_SUFFIXES = (".next", ".now")


class Turn:
    """
    Gives one writer after the other its turn, before SQLite itself is asked.

    SQLite lets a writer wait by sleeping longer and longer, up to a tenth of a second.
    Whoever sleeps finds the way shut again where another process has several threads that
    want to write: its next thread is there at once, and the public process could not store
    a message for seconds.  So writers queue: the threads of a process first, then one of
    each process for the place behind the one that writes (`….next`), which is given up
    when the way is free (`….now`).  Two processes that are busy take turns.

    A process that dies gives its locks back.  SQLite's own lock still decides; without
    files, as for a database in memory, only threads queue.
    """

    def __init__(self, database: str | None) -> None:
        """Queue for the file *database*; None or ":memory:": there is none."""
        self._threads = threading.Lock()
        self._mine = threading.local()
        self._files = _open(database)

    @contextmanager
    def ahead(self) -> Iterator[None]:
        """
        Wait for the turn before a connection is wanted, for the first transaction in the block.

        Who waits with a connection keeps it from others, and with it a megabyte of memory.
        """
        self._mine.taken = self.take()
        try:
            yield
        finally:
            if self._take_mine():
                self.give()

    def take(self) -> bool:
        """
        Wait for the turn, behind another process as long as that one writes.

        False where another thread of this process does not come to an end: then SQLite decides.
        """
        if self._take_mine():
            return True
        if not self._threads.acquire(timeout=BUSY_MILLISECONDS / 1000):
            return False
        try:
            self._queue()
        except OSError:
            self._threads.release()
            return False
        return True

    def _take_mine(self) -> bool:
        """Say whether this thread took the turn ahead; once."""
        taken, self._mine.taken = getattr(self._mine, "taken", False), False
        return bool(taken)

    def _queue(self) -> None:
        if not self._files:
            return
        behind, now = self._files
        fcntl.flock(behind, fcntl.LOCK_EX)
        try:
            fcntl.flock(now, fcntl.LOCK_EX)
        finally:
            fcntl.flock(behind, fcntl.LOCK_UN)

    def give(self) -> None:
        """Let the next one write."""
        if self._files:
            fcntl.flock(self._files[1], fcntl.LOCK_UN)
        self._threads.release()

    def __del__(self) -> None:
        """Close the files, which gives back what is locked."""
        for descriptor in self._files or ():
            os.close(descriptor)


def has_file(database: str | None) -> bool:
    """Say whether a database of this name is a plain file."""
    return bool(database) and database != ":memory:" and not str(database).startswith("file:")


def _open(database: str | None) -> tuple[int, int] | None:
    if not has_file(database):
        return None
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
    try:
        behind, now = (os.open(Path(f"{database}{it}"), flags, 0o600) for it in _SUFFIXES)
    except OSError:
        return None  # a folder in which nobody may write
    return behind, now
