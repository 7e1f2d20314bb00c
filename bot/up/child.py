"""One process under supervision: started, its output kept, ended."""

import io
import logging
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path

from bot.up.steps import ROOT
from bot.up.tether import tied

LOG_BYTES = 5_000_000
LOGS_KEPT = 3


@dataclass(frozen=True, slots=True)
class Program:
    """What to start, and how to know that it serves."""

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    health: str = ""  # an http address; empty: it is well as long as it runs
    optional: bool = False  # the service can do without, so the start does not fail for it
    may_start: Callable[[], bool] = lambda: True  # not before this says so


class Child:
    """A running program, in a session of its own so that Ctrl-C reaches only the supervisor."""

    def __init__(self, program: Program, logs: Path, show: Callable[[str, str], None]) -> None:
        """
        Start it; *show* gets the program's name and each line it writes.

        Raises:
            OSError: there is no memory, process or file left for it.
        """
        self._keep = _Log(logs / f"{program.name}.log")
        self._process = subprocess.Popen(  # noqa: S603 - the commands are ours
            tied(program.argv),
            cwd=ROOT,
            env=program.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._pump, args=(program.name, show), daemon=True)
        self._reader.start()

    def exit_code(self) -> int | None:
        """Return None while it runs; afterwards no process of its group is left."""
        code = self._process.poll()
        if code is not None:
            self.kill()
        return code

    def terminate(self) -> None:
        """Ask it to end; it finishes what it is doing."""
        self._process.terminate()

    def kill(self) -> None:
        """End it and everything it started, at once."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """Wait for an ended process's last lines."""
        self._process.wait()
        self._reader.join(timeout=1)
        self._keep.close()

    def _pump(self, name: str, show: Callable[[str, str], None]) -> None:
        output = self._process.stdout or io.StringIO()
        with output:
            for line in output:
                # Where this ended, the program would break at the next word it says.
                with suppress(OSError):
                    self._keep.add(line.rstrip("\n"))
                with suppress(OSError):
                    show(name, line.rstrip("\n"))


class _Log:
    """A file that is cut before it fills the disk."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._handler = RotatingFileHandler(
            path, maxBytes=LOG_BYTES, backupCount=LOGS_KEPT, encoding="utf-8", delay=True
        )

    def add(self, line: str) -> None:
        fields = {"msg": line, "levelno": logging.INFO}
        self._handler.handle(logging.makeLogRecord(fields))

    def close(self) -> None:
        with suppress(OSError):  # what a full disk did not take is lost
            self._handler.close()
