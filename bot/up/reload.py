"""New code into a process that serves, with never a moment in which nobody takes calls.

How the new processes follow the old ones stands in `succession.py`; here the new code is
tried before anything is changed, and waited for.
"""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from bot.errors import UpkeepError
from bot.settings import Settings
from bot.up.health import SECONDS
from bot.up.programs import programs
from bot.up.steps import ROOT

LOAD_SECONDS = 120.0
POLL_SECONDS = 0.1
SERVED = ("web", "console")


def reload_process(settings: Settings, name: str, pid: int) -> int:
    """
    Let the gunicorn *pid* load the code anew, and its children be followed by new ones.

    Returns:
        How many there are.

    Raises:
        UpkeepError: the new ones do not come up; the old ones go on.
    """
    address = next(it.health for it in programs(settings) if it.name == name)
    old = _children(pid)
    _require_loadable(name)
    os.kill(pid, signal.SIGHUP)  # what comes of it: succession.py
    try:
        _until(lambda: _answering(address) in _children(pid) - old)
        _until(lambda: not _children(pid) & old)
    except TimeoutError:
        msg = f"{name}: the new code does not come up, see its log; the old one goes on"
        raise UpkeepError(msg) from None
    return len(_children(pid))


def _require_loadable(name: str) -> None:
    """Gunicorn ends, with all that serves, where it or a new child cannot load the code."""
    check = f"import bot.up.succession; from handlers.{name}.app import create_app; create_app()"
    done = subprocess.run(  # noqa: S603 (our own command)
        [sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = done.stderr.strip().rsplit("\n", 1)[-1][:200]
        msg = f"{name}: the new code does not load, nothing was changed: {last}"
        raise UpkeepError(msg)


def _answering(address: str) -> int:
    """Return the process that answers there now; 0: none does."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(
        parts.hostname or "", parts.port or 80, timeout=SECONDS
    )
    try:
        connection.request("GET", parts.path)
        return int(json.loads(connection.getresponse().read())["process"])
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
        return 0
    finally:
        connection.close()


def _children(pid: int) -> set[int]:
    """Return the processes whose parent is *pid*."""
    try:
        told = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
    except OSError:
        msg = f"there is no process {pid}"
        raise UpkeepError(msg) from None
    return {int(part) for part in told.split()}


def _until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + LOAD_SECONDS
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(POLL_SECONDS)
