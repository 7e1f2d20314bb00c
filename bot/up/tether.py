"""Commands that end when we do, however we end: also killed, with no time to tidy up.

This file is run in front of the command (Linux): it asks the kernel for a
signal at our death and becomes the command, so nothing of it stays in memory.
Elsewhere a killed start leaves what it started running.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1
NOT_FOUND = 127  # as a shell says it


def tied(argv: Sequence[str]) -> list[str]:
    """Return the command that runs *argv* for as long as this process lives."""
    if sys.platform != "linux":
        return list(argv)
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), *argv]


def main(parent: int, *command: str) -> None:
    """Ask the kernel for SIGTERM at the parent's death, then become the command."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:  # it died before we asked
        sys.exit(1)
    try:
        os.execvp(command[0], command)  # noqa: S606 - no shell is wanted
    except OSError as error:
        sys.stderr.write(f"{command[0]}: {error.strerror}\n")
        sys.exit(NOT_FOUND)


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
