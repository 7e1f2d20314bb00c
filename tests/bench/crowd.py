"""The whole line under a crowd that signs and encrypts, on the same machine."""

import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

from handlers.simulator.crypto import Envelope
from tests.bench.phone import Load, Phone, crowd, texts
from tests.bench.served import own_kb, spent_by
from tests.chaos.platform import ACCOUNT, Platform, serve
from tests.chaos.services import Postgres
from tests.e2e.running import Service, running_service

CLIENTS = (1, 8, 64)
SECONDS = 20.0
WARM_UP_SECONDS = 5.0
SETTLE_SECONDS = 60.0
IDLE_SHARE = 0.15
"""Processor seconds in a second that a service spends which has nothing to do."""
PROCESSES = {
    "web": "handlers.web.app",
    "nlu": "nlu/serve.py",
    "worker": "-m bot worker",
    "console": "handlers.console.app",
    "supervisor": "-m bot up",
}


@dataclass(frozen=True, slots=True)
class Measured:
    """One load, what the processors did meanwhile, and how busy the machine was besides."""

    load: Load
    at_rate: float
    """Messages a second that were sent; 0: as many as were answered."""
    cpu_ms: dict[str, float]
    """Processor time of each process, and of this client, for one message."""
    busy: float
    """Load average of the machine at the end."""


@dataclass(frozen=True, slots=True)
class Line:
    """A running service, and the keys to write to it."""

    service: Service
    envelope: Envelope

    def phones(self, count: int) -> list[Phone]:
        """Return so many connections."""
        port = urlsplit(self.service.web).port or 0
        return [Phone(port, self.envelope, path="/wechat") for _ in range(count)]


def measure_crowd(
    database: str, *, seconds: float = SECONDS
) -> tuple[list[Measured], dict[str, int]]:
    """Write from 1, 8 and 64 connections, then at half of the best; return megabytes too."""
    with running(database) as line:
        words = texts(1)
        crowd([it.push for it in line.phones(4)], words, seconds=WARM_UP_SECONDS, first=0)
        found = [
            _measured(line, words, clients=clients, seconds=seconds, first=(place + 1) * 10**6)
            for place, clients in enumerate(CLIENTS)
        ]
        best = max(it.load.per_second for it in found)
        found.append(
            _measured(line, words, clients=64, seconds=seconds, first=9 * 10**6, rate=best / 2)
        )
        memory = {
            name: sum(own_kb(pid) for pid in line.service.pids(what)) // 1024
            for name, what in PROCESSES.items()
        }
    return found, memory


@contextmanager
def running(database: str) -> Iterator[Line]:
    """Run the whole service on this machine's disk, with a platform that takes every message."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="crowd-")))
        folder.chmod(0o755)
        server = serve(Platform("", Envelope("", "", "")))
        stack.callback(server.shutdown)
        extra = {
            "YUNQIAO_SIMULATOR__ENABLED": "false",
            "YUNQIAO_WECHAT__ACCOUNT_ID": ACCOUNT,
            "YUNQIAO_WECHAT__API_BASE": f"http://127.0.0.1:{server.server_address[1]}",
        }
        if database == "postgresql":
            postgres = Postgres.create(folder / "postgres")
            stack.callback(postgres.kill)
            extra["YUNQIAO_DATABASE__URL"] = postgres.url
        data = folder / "var"
        data.mkdir()
        service = stack.enter_context(running_service(data, extra))
        secret = dotenv_values(data / "secrets.env")
        keys = (str(secret[f"YUNQIAO_WECHAT__{it}"]) for it in ("TOKEN", "AES_KEY", "APP_ID"))
        yield Line(service, Envelope(*keys))


def as_text(database: str, found: Sequence[Measured], memory: dict[str, int]) -> str:
    """Return the figures as a table."""
    lines = [f"\nthe whole line under a crowd, {database}"]
    for one in found:
        load, cpu = one.load, "  ".join(f"{name} {ms:.1f}" for name, ms in one.cpu_ms.items())
        times = f"p50 {load.p50_ms:.0f}  p95 {load.p95_ms:.0f}  p99 {load.p99_ms:.0f} ms"
        sent = f"  at {one.at_rate:.0f}/s" if one.at_rate else ""
        head = f"{load.clients:>3} connections{sent}  {load.per_second:>6.1f} messages/s  {times}"
        lines.append(f"{head}  missed {load.missed} of {load.missed + load.answered}")
        lines.append(f"     processor ms a message: {cpu}; load average {one.busy:.1f}")
    each = ", ".join(f"{name} {size}" for name, size in memory.items())
    return "\n".join([*lines, f"memory, MB: {each}; together {sum(memory.values())}"])


def _measured(
    line: Line,
    words: Iterator[str],
    *,
    clients: int,
    seconds: float,
    first: int,
    rate: float = 0.0,
) -> Measured:
    before, client = _spent(line.service), time.process_time()
    phones = line.phones(clients)
    load = crowd([it.push for it in phones], words, seconds=seconds, first=first, rate=rate)
    busy, client = os.getloadavg()[0], time.process_time() - client
    _settle(line.service)  # what was left over from a rush costs too
    spent = {name: was - before[name] for name, was in _spent(line.service).items()}
    spent["client"] = client
    done = max(load.answered, 1)
    cpu = {name: took * 1000 / done for name, took in spent.items()}
    return Measured(load, rate, cpu, busy)


def _settle(service: Service) -> None:
    """Wait until the service has nothing left to do, a minute at most."""
    end = time.monotonic() + SETTLE_SECONDS
    was = sum(_spent(service).values())
    while time.monotonic() < end:
        time.sleep(1.0)
        before, was = was, sum(_spent(service).values())
        if was - before < IDLE_SHARE:
            return


def _spent(service: Service) -> dict[str, float]:
    """Return the processor seconds each process has used."""
    return {
        name: sum(spent_by(pid) for pid in service.pids(what)) for name, what in PROCESSES.items()
    }
