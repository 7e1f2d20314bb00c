"""The state on disk, so that a restart keeps the phones' chats."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from handlers.simulator.model import State

STATE: TypeAdapter[State] = TypeAdapter(State)


def dump(state: State) -> bytes:
    """Return *state* as JSON."""
    return STATE.dump_json(state)


class Snapshot:
    """One JSON file, always whole: written beside, then renamed."""

    def __init__(self, path: Path, *, delay: float = 0.25) -> None:
        """Keep the file at *path*; a change is on disk *delay* seconds later at the latest."""
        self._path = path
        self._delay = delay
        self._lock = threading.Lock()
        self._pending: threading.Timer | None = None

    def load(self) -> State | None:
        """Return the state last written, or None; an unreadable file is put aside."""
        try:
            return STATE.validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return None
        except ValidationError:
            self._path.replace(self._path.with_suffix(".unreadable"))
            return None

    def write_soon(self, current: Callable[[], bytes]) -> None:
        """Write what *current* returns after the delay; further calls until then are one write."""
        with self._lock:
            if self._pending is None:
                self._pending = threading.Timer(self._delay, self._write, [current])
                self._pending.daemon = True
                self._pending.start()

    def write_now(self, data: bytes) -> None:
        """Replace the file by *data* in one step."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        part = self._path.with_suffix(f".{os.getpid()}.{threading.get_ident()}")
        part.write_bytes(data)
        part.replace(self._path)

    def _write(self, current: Callable[[], bytes]) -> None:
        with self._lock:
            self._pending = None
        self.write_now(current())
