"""The worker's threads: helpers come when there is more than one thing to do."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy.exc import OperationalError

from bot import worker_loops
from bot.db.wake import Bell
from bot.worker_loops import Work

LONG = 60.0


@contextmanager
def running(*works: Work) -> Iterator[Bell]:
    bell, stop = Bell(), threading.Event()
    threads = worker_loops.start(works, bell=bell, stop=stop)
    try:
        yield bell
    finally:
        stop.set()
        worker_loops.wait_for(threads, bell)


def test_what_lies_there_is_done_by_several_at_once() -> None:
    together = threading.Barrier(3)
    left = [True] * 3

    def do() -> bool:
        if not left:
            return False
        left.pop()
        together.wait(60)  # passed only where three work at the same time
        return True

    with running(Work(do, "do", 0.05, helpers=2)):
        while left:
            threading.Event().wait(0.01)

    assert not together.broken


def test_whoever_hears_looks_when_the_bell_rings() -> None:
    looked = threading.Semaphore(0)

    def look() -> bool:
        looked.release()
        return False

    with running(Work(look, "look", LONG, hears=True)) as bell:
        assert looked.acquire(timeout=60)
        again = False
        while not again:  # it may not be waiting yet
            bell.ring()
            again = looked.acquire(timeout=0.05)

    assert again


def test_an_error_ends_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.worker_loops.AFTER_AN_ERROR_SECONDS", 0.01)
    errors: list[Exception] = [OperationalError("x", {}, Exception("away")), ValueError("row")]
    done = threading.Event()

    def do() -> bool:
        if errors:
            raise errors.pop()
        done.set()
        return False

    with running(Work(do, "do", 0.01)):
        assert done.wait(60)
