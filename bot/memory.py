"""What a process holds of the machine's memory."""

import ctypes
from contextlib import suppress


def give_back() -> None:
    """
    Return to the system what was needed to load something and is not any more.

    glibc keeps it, a tenth of what a process holds once it has an index; where the C library
    has no such function nothing happens.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
