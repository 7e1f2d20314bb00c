"""The few seconds in which a reply can still go out in the answer to WeChat's own call."""

import threading
import time
from enum import Enum


class _State(Enum):
    OPEN = 1
    CLAIMED = 2
    CLOSED = 3


class PassiveWindow:
    """
    Decides, once, whether a reply goes out passively or through the outbox.

    The turn claims the window before it writes the reply; the waiting handler
    closes it when its time is over.  Whoever is first wins, so a reply is
    never given both ways and never neither.
    """

    def __init__(self, seconds: float) -> None:
        """Open the window for so many *seconds*; 0 is a window that is closed already."""
        self._until = time.monotonic() + seconds
        self._state = _State.OPEN if seconds > 0 else _State.CLOSED
        self._lock = threading.Lock()
        self.stored = False
        """Whether the message is in the database, so that WeChat need not bring it again."""

    @property
    def seconds_left(self) -> float:
        """Seconds until the handler gives up; never negative."""
        return max(0.0, self._until - time.monotonic())

    def claim(self) -> bool:
        """Take the window for a passive reply; False when the handler has left."""
        with self._lock:
            if self._state is _State.OPEN:
                self._state = _State.CLAIMED
            return self._state is _State.CLAIMED

    def close(self) -> bool:
        """Give up waiting; False when a passive reply is being written right now."""
        with self._lock:
            if self._state is _State.OPEN:
                self._state = _State.CLOSED
            return self._state is _State.CLOSED
