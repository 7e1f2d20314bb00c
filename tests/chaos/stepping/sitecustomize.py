"""
A wall clock that can be moved, in every process that finds this on its path.

Python runs a module of this name at its start.  libfaketime, which would need
none, makes Python's own sleep fail.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path

try:
    from bot import clock
except ImportError:  # the NLU, which knows nothing of ours and keeps its own time
    clock = None  # type: ignore[assignment]

if clock is not None and (moved_by := os.environ.get("CHAOS_CLOCK")):
    real_now = clock.now
    offset = Path(moved_by)

    def now() -> datetime:
        """Return the time, moved by as many seconds as the file says."""
        return real_now() + timedelta(seconds=float(offset.read_text("ascii") or 0))

    clock.now = now
