"""How many turns run at once in one process, so that storing is never held up by them."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

RESERVED = 4
"""Places that only a message which reads like a crisis may take."""
EACH = 4
"""Places that one resident may have at a time, however fast they write."""
NO_LIMIT = 10_000


class Places:
    """
    Hands out the places of a process; whoever gets none is not kept waiting for one.

    A message without a place is stored and acknowledged all the same, and
    answered later by a worker.
    """

    def __init__(self, many: int = NO_LIMIT, *, each: int = NO_LIMIT) -> None:
        """Let *many* turns run at once, *each* at most of one resident, and RESERVED in danger."""
        self._many = many
        self._each = each
        self._lock = threading.Lock()
        self._taken = 0
        self._by_resident: Counter[str] = Counter()

    @contextmanager
    def taken(self, openid: str, *, in_danger: bool) -> Iterator[bool]:
        """Take a place for as long as the block runs; False where none is free."""
        placed = self._take(openid, self._many + (RESERVED if in_danger else 0))
        try:
            yield placed
        finally:
            if placed:
                self._give_back(openid)

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


def threads_for(places: int) -> int:
    """Return how many threads a process needs so that some are left for storing at any time."""
    return places * 2 + RESERVED
