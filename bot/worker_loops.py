"""The worker's threads: each repeats one piece of work, and pauses when there is none."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.db.wake import Bell

log = structlog.get_logger(__name__)

AFTER_AN_ERROR_SECONDS = 2.0
HELPERS_PAUSE = 2
"""Of the usual pauses: so seldom a helper looks that nobody called."""
JOIN_SECONDS = 0.1
Means = TypeVar("Means")


@dataclass(frozen=True, slots=True)
class Work:
    """What a thread does again and again; `do` says whether there was anything to do."""

    do: Callable[[], bool]
    name: str
    pause: float
    hears: bool = False
    """It looks as soon as the bell rings: somebody waits for it."""
    helpers: int = 0
    """Further threads, called when there is more than one thing to do."""
    more: Bell = field(default_factory=Bell)


def work(
    means: Means,
    do: Callable[[Means], bool],
    pause: float,
    *,
    hears: bool = False,
    helpers: int = 0,
) -> Work:
    """Return the work that *do* does with these *means*, under its name."""
    return Work(partial(do, means), do.__name__, pause, hears=hears, helpers=helpers)


def start(works: Iterable[Work], *, bell: Bell, stop: threading.Event) -> list[threading.Thread]:
    """Start the threads of all *works*."""
    threads = []
    for work in works:
        threads.append(threading.Thread(target=_loop, args=(work, bell, stop), name=work.name))
        threads += [
            threading.Thread(target=_help, args=(work, stop), name=f"{work.name} {number}")
            for number in range(work.helpers)
        ]
    for thread in threads:
        thread.start()
    return threads


def wait_for(threads: Iterable[threading.Thread], bell: Bell) -> None:
    """Wait until all have ended; one that was about to pause did not hear the last ring."""
    for thread in threads:
        while thread.is_alive():
            bell.ring()
            thread.join(JOIN_SECONDS)


def _loop(work: Work, bell: Bell, stop: threading.Event) -> None:
    while not stop.is_set():
        found, wait = _once(work)
        if found:
            work.more.ring_one()
        elif work.hears:
            bell.wait(wait)
        else:
            stop.wait(wait)


def _help(work: Work, stop: threading.Event) -> None:
    """Look when one who found something calls: there may be more, and each calls the next."""
    while not stop.is_set():
        work.more.wait(work.pause * HELPERS_PAUSE)
        while not stop.is_set() and _once(work)[0]:
            work.more.ring_one()


def _once(work: Work) -> tuple[bool, float]:
    """Do it; return whether there was anything, and how long to pause where there was not."""
    try:
        return work.do(), work.pause
    except SQLAlchemyError as error:
        log.warning("database", work=work.name, error=type(error).__name__)
    except Exception as error:  # noqa: BLE001 (one bad row must not end the worker)
        log.error("work_failed", work=work.name, error=type(error).__name__)  # noqa: TRY400
    return False, AFTER_AN_ERROR_SECONDS
