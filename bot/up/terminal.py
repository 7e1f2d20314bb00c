"""What the terminal says: a short Chinese line with the English beside it."""

import sys
import threading
import time
from contextlib import suppress

STARTED = time.monotonic()
_lock = threading.Lock()


class UpError(Exception):
    """The start cannot go on; the two lines say what to do about it."""

    def __init__(self, chinese: str, english: str, details: str = "") -> None:
        """Keep both languages, and the last lines of whatever failed."""
        super().__init__(english)
        self.chinese = chinese
        self.english = english
        self.details = details


def say(chinese: str, english: str, mark: str = "·") -> None:
    """Write one line with the seconds since the start."""
    write(f"{time.monotonic() - STARTED:6.1f}s {mark} {chinese}  {english}")


def complain(error: UpError) -> None:
    """Write why the start cannot go on."""
    if error.details:
        write(error.details)
    say(error.chinese, error.english, mark="✗")


def write(text: str) -> None:
    """Write *text* and a newline at once, also from several threads; a full disk is no error."""
    encoding = sys.stdout.encoding or "utf-8"
    # What keeps the service running writes here: better unheard than ended for a word.
    with _lock, suppress(OSError):
        # A terminal in a C locale cannot show Chinese; that must not stop the start.
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding) + "\n")
        sys.stdout.flush()
