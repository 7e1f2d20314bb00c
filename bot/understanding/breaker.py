"""Leaving a server alone that has just failed, so that a dead one costs a message nothing."""

import threading
import time
from collections.abc import Callable

FAILURES = 3
REST_SECONDS = 5.0


class Breaker:
    """
    Closed until FAILURES in a row; then open for REST_SECONDS, then one probe at a time.

    What was asked before the last failure counted is part of it: one stall of a server fails
    everybody who waits, and would otherwise close it off at once on a busy day.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._failures = 0
        self._counted_at = float("-inf")
        self._closed_again_at = 0.0
        self._last_problem = ""

    def allows(self) -> bool:
        """Say whether the server may be asked now; a yes while open is the one probe."""
        with self._lock:
            if self._failures < FAILURES:
                return True
            if self._monotonic() < self._closed_again_at:
                return False
            self._closed_again_at = self._monotonic() + REST_SECONDS
            return True

    def rests(self) -> bool:
        """Say whether the server is to be left alone now; unlike `allows` this takes no probe."""
        with self._lock:
            return self._failures >= FAILURES and self._monotonic() < self._closed_again_at

    def succeeded(self) -> None:
        """Close again."""
        with self._lock:
            self._failures = 0
            self._last_problem = ""

    def failed(self, problem: str, *, asked_at: float) -> None:
        """Count what was asked at *asked_at* as failed; *problem* says why, without content."""
        with self._lock:
            if asked_at < self._counted_at:
                return
            now = self._monotonic()
            self._failures += 1
            self._last_problem = problem
            self._counted_at = now
            self._closed_again_at = now + REST_SECONDS

    def state(self) -> dict[str, object]:
        """Return `ok`, the failures in a row, and the last problem."""
        with self._lock:
            return {
                "ok": self._failures == 0,
                "resting": self._failures >= FAILURES,
                "failures": self._failures,
                "problem": self._last_problem,
            }
