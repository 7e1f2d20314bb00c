"""The whole line under a crowd that signs and encrypts, on the same machine."""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bot.evaluation.shares import percentiles
from tests.bench.served import resident_kb
from tests.chaos.crowd import write_all
from tests.chaos.installation import installation
from tests.chaos.platform import Pushed

CLIENTS = (1, 8, 64)
MESSAGES = {1: 300, 8: 1200, 64: 2000}
WARM_UP = 100
PROCESSES = {
    "web": "handlers.web.app",
    "nlu": "nlu/serve.py",
    "worker": "-m bot worker",
    "console": "handlers.console.app",
}
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Crowd:
    """What so many connections got."""

    clients: int
    messages: int
    per_second: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    unanswered: int
    cpu_ms: dict[str, float]
    """Processor time of each process for one message."""


def measure_crowd(database: str) -> tuple[list[Crowd], dict[str, int]]:
    """Write from 1, 8 and 64 connections; return what they got, and megabytes by process."""
    with installation(7, database, moving_clock=False) as around:
        write_all(around.platform, messages=WARM_UP, at_once=4, seed=1, progress=lambda done: None)
        crowds = []
        for number, clients in enumerate(CLIENTS):
            before = {name: _cpu(around.service.pids(what)) for name, what in PROCESSES.items()}
            began = time.perf_counter()
            pushed = write_all(
                around.platform,
                messages=MESSAGES[clients],
                at_once=clients,
                seed=number + 2,
                progress=lambda done: None,
                first=(number + 1) * 100_000,
            )
            seconds = time.perf_counter() - began
            spent = {
                name: _cpu(around.service.pids(what)) - before[name]
                for name, what in PROCESSES.items()
            }
            crowds.append(_crowd(clients, pushed, seconds, spent))
        memory = {
            name: sum(resident_kb(pid) for pid in around.service.pids(what)) // 1024
            for name, what in PROCESSES.items()
        }
    return crowds, memory


def as_text(database: str, crowds: Sequence[Crowd], memory: dict[str, int]) -> str:
    """Return the figures as a table."""
    lines = [f"\nthe whole line under a crowd, {database}"]
    for crowd in crowds:
        cpu = "  ".join(f"{name} {ms:.1f}" for name, ms in crowd.cpu_ms.items())
        times = f"p50 {crowd.p50_ms:.0f}  p95 {crowd.p95_ms:.0f}  p99 {crowd.p99_ms:.0f} ms"
        got = f"{crowd.per_second:>6.1f} messages/s  {times}"
        missed = f"unanswered {crowd.unanswered} of {crowd.messages}"
        lines.append(f"{crowd.clients:>3} connections  {got}  {missed}")
        lines.append(f"     processor ms a message: {cpu}")
    total = sum(memory.values())
    each = ", ".join(f"{name} {size}" for name, size in memory.items())
    return "\n".join([*lines, f"memory, MB: {each}; together {total}"])


def _crowd(
    clients: int, pushed: Sequence[Pushed], seconds: float, spent: dict[str, float]
) -> Crowd:
    times = percentiles(one.ms for one in pushed if one.acknowledged)
    return Crowd(
        clients,
        len(pushed),
        len(pushed) / seconds,
        times.p50 or 0.0,
        times.p95 or 0.0,
        times.p99 or 0.0,
        sum(not one.acknowledged for one in pushed),
        {name: took * 1000 / len(pushed) for name, took in spent.items()},
    )


def _cpu(pids: Sequence[int]) -> float:
    """Return the processor seconds these processes have used."""
    total = 0.0
    for pid in pids:
        with open(f"/proc/{pid}/stat", "rb") as file:  # noqa: PTH123 (no file of a disk)
            fields = file.read().rpartition(b") ")[2].split()
        total += (int(fields[11]) + int(fields[12])) / TICKS
    return total
