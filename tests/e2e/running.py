"""The whole service as `make run` starts it: every process real, on ports of its own."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import requests

ROOT = Path(__file__).parents[2]
START_SECONDS = 180
NAMES = ("WEB", "CONSOLE", "SIMULATOR", "WORKER")


@dataclass(frozen=True)
class Service:
    """The running service and the phones it is tried with."""

    web: str
    console: str
    simulator: str
    folder: Path
    env: dict[str, str]
    start: "subprocess.Popen[bytes] | None" = None
    """What keeps all others running; none where each host has one of its own."""

    def require_kept(self) -> None:
        """Fail where nobody keeps the processes running any more."""
        code = self.start.poll() if self.start else None
        told = (self.folder / "up.log").read_text("utf-8", "replace")[-3000:]
        assert code is None, f"the start ended ({code}): {told}"

    def sim(self, method: str, path: str, **body: object) -> Any:
        """Ask the simulator's control API."""
        payload = None if method == "GET" else body
        answer = requests.request(method, f"{self.simulator}/sim/{path}", json=payload, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def new_resident(self, name: str) -> str:
        return str(self.sim("POST", "residents", name=name, followed=True)["openid"])

    def says(self, openid: str, text: str) -> str:
        """Send a text as a resident; return the passive reply."""
        return str(self.sim("POST", f"residents/{openid}/text", text=text)["reply_text"] or "")

    def heard(self, openid: str) -> list[str]:
        """Return what the resident's phone shows from the service, oldest first."""
        chat = self.sim("GET", f"residents/{openid}/chat")
        bubbles = chat["bubbles"] if isinstance(chat, dict) else chat
        return [b["text"] for b in bubbles if b["sender"] == "account"]

    def logins(self) -> dict[str, str]:
        found = json.loads((self.folder / "demo-logins.json").read_text("utf-8"))
        return {login: password for login, password, _ in found}

    def command(self, *args: str, stdin: str = "") -> str:
        """Run `python -m bot …` beside the running service."""
        done = subprocess.run(
            [sys.executable, "-m", "bot", *args],
            cwd=ROOT, env=self.env, input=stdin, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout

    def kill(self, what: str) -> bool:
        """Kill -9 what of this service has *what* in its command line; False: nothing ran."""
        struck = False
        for pid in self.pids(what):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                struck = True
        return struck

    def pids(self, what: str) -> list[int]:
        mine = f"YUNQIAO_WEB__PORT={self.web.rsplit(':', 1)[1]}".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                ours = mine in (folder / "environ").read_bytes() or str(self.folder) in line
            except OSError:
                continue
            if what in line and ours:
                found.append(int(folder.name))
        return found


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def launch(folder: Path, env: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """Start everything that keeps its data in *folder*; what it says goes on in `up.log` there."""
    with (folder / "up.log").open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "bot", "up"], cwd=ROOT, env=env, stdout=output, stderr=output
        )


@contextmanager
def running_service(
    folder: Path, extra: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Service]:
    """
    Start it with its data in *folder*, wait until all is healthy, and stop it afterwards.

    *extra* is added to its environment.
    """
    models = ROOT / "var" / "models"
    if models.exists():  # trained again only where its data changed since
        shutil.copytree(models, folder / "models")
        subprocess.run(["sync", "--file-system", str(folder)], check=True)  # it lay there for long
    ports = {name: _free_port() for name in (*NAMES, "NLU")}
    env = {name: value for name, value in os.environ.items() if not name.startswith("YUNQIAO_")}
    env |= {f"YUNQIAO_{name}__PORT": str(ports[name]) for name in NAMES}
    env |= {
        "YUNQIAO_SERVICE__DATA_DIR": str(folder),
        "YUNQIAO_NLU__URLS": f"http://127.0.0.1:{ports['NLU']}",
        **extra,
    }
    process, log = launch(folder, env), folder / "up.log"
    try:
        ready = re.compile("ready, Ctrl-C stops it")
        until(
            lambda: ready.search(log.read_text("utf-8")) or process.poll() is not None,
            START_SECONDS,
        )
        assert process.poll() is None, log.read_text("utf-8")[-3000:]
        web, console, simulator, _ = (f"http://127.0.0.1:{ports[name]}" for name in NAMES)
        yield Service(web, console, simulator, folder=folder, env=env, start=process)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
