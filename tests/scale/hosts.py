"""Hosts of one machine: a network namespace each, on an inner network and one that is outside."""

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bot.up.tether import tied

INNER, OUTER = "10.77.0", "198.51.100"
"""The first three numbers of both networks; this machine is .1 in each."""
BRIDGES = {"yqinner": INNER, "yqouter": OUTER}
STOP_SECONDS = 40


@dataclass
class Host:
    """One host and what runs on it."""

    name: str
    number: int
    logs: Path
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """On the inner network."""
        return f"{INNER}.{self.number}"

    def start(
        self, name: str, argv: Sequence[str], *, env: Mapping[str, str], folder: Path
    ) -> None:
        """Start a program here; it ends with us."""
        with (self.logs / f"{self.name}-{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                tied(["ip", "netns", "exec", _space(self.name), *argv]),
                env=env, cwd=folder, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def kill(self, name: str) -> None:
        """End it and whatever it started at once, as a power cut would."""
        process = self.running.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self, name: str) -> None:
        """Ask it to end, and wait for that."""
        process = self.running.pop(name)
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def network(numbers: Mapping[str, int], *, outside: str, logs: Path) -> Iterator[dict[str, Host]]:
    """Make a host of each name; *outside* is on the outer network too.  Needs root."""
    _remove(numbers)
    hosts = {name: Host(name, number, logs) for name, number in numbers.items()}
    try:
        for bridge, net in BRIDGES.items():
            _ip("link", "add", bridge, "type", "bridge")
            _ip("addr", "add", f"{net}.1/24", "dev", bridge)
            _ip("link", "set", bridge, "up")
        for host in hosts.values():
            _ip("netns", "add", _space(host.name))
            _ip("-n", _space(host.name), "link", "set", "lo", "up")
            _plug(host, "yqinner")
        _plug(hosts[outside], "yqouter")
        yield hosts
    finally:
        for host in hosts.values():
            for name in list(host.running):
                host.kill(name)
        _remove(numbers)


def _plug(host: Host, bridge: str) -> None:
    here, there = f"{bridge}-{host.number}"[:15], f"{bridge[2:]}0"
    _ip("link", "add", here, "type", "veth", "peer", "name", there, "netns", _space(host.name))
    _ip("link", "set", here, "master", bridge, "up")
    address = f"{BRIDGES[bridge]}.{host.number}/24"
    _ip("-n", _space(host.name), "addr", "add", address, "dev", there)
    _ip("-n", _space(host.name), "link", "set", there, "up")


def _remove(names: Mapping[str, int]) -> None:
    for name in names:
        _ip("netns", "del", _space(name), check=False)
    for bridge in BRIDGES:
        _ip("link", "del", bridge, check=False)


def _space(name: str) -> str:
    return f"yq-{name}"


def _ip(*arguments: str, check: bool = True) -> None:
    subprocess.run(["ip", *arguments], check=check, capture_output=not check)
