"""How many turns are in hand in one process, and how many of them run at once."""

import os
import threading
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager

RESERVED = 4
"""Places that only a message which reads like a crisis may take."""
EACH = 4
"""Places that one resident may have at a time, however fast they write."""
RUNNING = 8
"""Turns that run at once on a machine: more of them make all slower and none sooner."""
LEAST_RUNNING = 2
MOST_BY_THEMSELVES = 2
ENOUGH_MEMORY = 1_500_000_000
"""Bytes of a machine: all processes take 900 MB, and the system wants some."""
NO_LIMIT = 10_000


class Places:
    """
    Hands out the places of a process; whoever gets none is not kept waiting for one.

    A message without a place is stored and acknowledged all the same, and
    answered later by a worker.  Those who have one run a few at a time, in the
    order in which they came.
    """

    def __init__(
        self, many: int = NO_LIMIT, *, each: int = NO_LIMIT, running: int = RUNNING
    ) -> None:
        """Have *many* turns in hand, *each* at most of one resident, and RESERVED in danger."""
        self._many = many
        self._each = each
        self._lock = threading.Lock()
        self._taken = 0
        self._by_resident: Counter[str] = Counter()
        self._running = self._free = running
        self._queue: deque[threading.Event] = deque()

    @contextmanager
    def taken(self, openid: str, *, in_danger: bool) -> Iterator[bool]:
        """Take a place for as long as the block runs; False where none is free."""
        placed = self._take(openid, self._many + (RESERVED if in_danger else 0))
        try:
            yield placed
        finally:
            if placed:
                self._give_back(openid)

    @contextmanager
    def run(self, *, within: float, in_danger: bool) -> Iterator[bool]:
        """Run for as long as the block does; False where the turn does not come in that time."""
        comes = in_danger or self._comes(within)
        try:
            yield comes
        finally:
            if comes and not in_danger:
                self._next()

    @property
    def crowded(self) -> bool:
        """Whether more wait for their turn than run: what can be done without is left out."""
        return self.waiting > self._running

    @property
    def waiting(self) -> int:
        """How many wait for their turn to run."""
        return len(self._queue)

    def _take(self, openid: str, many: int) -> bool:
        with self._lock:
            if self._taken >= many or self._by_resident[openid] >= self._each:
                return False
            self._taken += 1
            self._by_resident[openid] += 1
            return True

    def _give_back(self, openid: str) -> None:
        with self._lock:
            self._taken -= 1
            self._by_resident[openid] -= 1
            if not self._by_resident[openid]:
                del self._by_resident[openid]

    def _comes(self, within: float) -> bool:
        called = threading.Event()
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            self._queue.append(called)
        if called.wait(within):
            return True
        with self._lock:
            if called.is_set():
                return True  # called at the last moment
            self._queue.remove(called)
            return False

    def _next(self) -> None:
        with self._lock:
            if self._queue:
                self._queue.popleft().set()
            else:
                self._free += 1


def processes_for(wanted: int) -> int:
    """Return *wanted*; 0: one for each processor, two at most, and one where memory is short."""
    if wanted:
        return wanted
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    on_linux = hasattr(os, "sched_getaffinity")
    processors = len(os.sched_getaffinity(0)) if on_linux else os.cpu_count() or 1
    return min(processors, MOST_BY_THEMSELVES) if memory >= ENOUGH_MEMORY else 1


def running_in(processes: int) -> int:
    """Return how many turns may run at once in each of so many processes on a machine."""
    return max(RUNNING // processes, LEAST_RUNNING)


def threads_for(places: int) -> int:
    """Return how many threads a process needs so that some are left for storing at any time."""
    return places * 2 + RESERVED
