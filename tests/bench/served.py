"""A server of the comparison: how soon it answers, and what memory it then holds."""

import json
import os
import re
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from tests.bench.models import PYTHON, environment
from tests.bench.recipes import ROOT

LOOPBACK = "127.0.0.1"
TICKS = os.sysconf("SC_CLK_TCK")
START_SECONDS = 300
FIRST = "你好，请问在吗"


@dataclass(frozen=True, slots=True)
class Server:
    """A process that answers; `cold_seconds` from its start to its first answer."""

    port: int
    token: str
    pid: int
    cold_seconds: float

    @property
    def url(self) -> str:
        """Return the address without a path."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def memory_mb(self) -> float:
        """Return the resident memory of the process and its children."""
        return sum(resident_kb(pid) for pid in _family(self.pid)) / 1024


class Caller:
    """One connection that asks one thing after another."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = HTTPConnection(LOOPBACK, port, timeout=120)
        self._path = f"/model/parse?token={token}"

    def ask(self, text: str) -> bytes:
        """
        Return the answer to *text*, unread.

        Raises:
            OSError, HTTPException: there is none.
        """
        body = json.dumps({"text": text}, ensure_ascii=False).encode()
        self._connection.request("POST", self._path, body, {"Content-Type": "application/json"})
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise HTTPException(content.decode("utf-8", "replace"))
        return content

    def parse(self, text: str) -> dict[str, Any]:
        """Return the answer to *text*."""
        found: dict[str, Any] = json.loads(self.ask(text))
        return found

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


@contextmanager
def thin(model: Path) -> Iterator[Server]:
    """Run our server."""
    command = [str(PYTHON), str(ROOT / "nlu" / "serve.py"), "--model", str(model)]
    with _running(command) as server:
        yield server


@contextmanager
def rasa(model: Path, channels: Path | None = None) -> Iterator[Server]:
    """Run Rasa's server, which also talks over the *channels* of that file."""
    command = [str(PYTHON), "-m", "rasa", "run", "--enable-api", "--model", str(model)]
    command += ["--interface", LOOPBACK]
    if channels is not None:
        command += ["--credentials", str(channels)]
    with _running(command, ("--auth-token",)) as server:
        yield server


def resident_kb(pid: int) -> int:
    """Return the resident memory of a process, 0 once it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("utf-8")
    except OSError:
        return 0
    found = re.search(r"VmRSS:\s+(\d+)", status)
    return int(found.group(1)) if found else 0


def cpu_seconds(pid: int) -> float:
    """Return the processor seconds of a process and its children."""
    return sum(spent_by(each) for each in _family(pid))


def spent_by(pid: int) -> float:
    """Return the processor seconds one process has used."""
    fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def own_kb(pid: int) -> int:
    """Return the memory of a process, what it shares counted in parts; 0 once it is gone."""
    try:
        said = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8")
    except OSError:
        return 0
    found = re.search(r"^Pss:\s+(\d+)", said, re.MULTILINE)
    return int(found.group(1)) if found else 0


@contextmanager
def _running(command: Sequence[str], token_as: Sequence[str] = ()) -> Iterator[Server]:
    port, token = free_port(), secrets.token_hex(8)
    told = [*token_as, token] if token_as else []
    started = time.perf_counter()
    process = subprocess.Popen(
        [*command, "--port", str(port), *told],
        cwd=ROOT,
        env={**environment("WARNING"), "YUNQIAO_NLU__TOKEN": token, "PYTHONWARNINGS": "ignore"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(process, port, token)
        yield Server(port, token, process.pid, time.perf_counter() - started)
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait(process: "subprocess.Popen[bytes]", port: int, token: str) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        caller = Caller(port, token)
        try:
            caller.ask(FIRST)
        except (OSError, HTTPException):
            time.sleep(0.02)
        else:
            return
        finally:
            caller.close()
    msg = f"{process.args!r} does not answer"
    raise RuntimeError(msg)


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text("utf-8").split():
            yield from _family(int(child))


def free_port() -> int:
    """Return a port on which nobody listens now."""
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        return int(listener.getsockname()[1])
