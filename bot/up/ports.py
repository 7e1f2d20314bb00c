"""Whether the ports are free, and if not, who has them."""

import errno
import socket
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from bot.up import problems

LISTENING = "0A"
LAST = 65535


@dataclass(frozen=True, slots=True)
class Port:
    """Where a process will listen, and how the setting for another port is written."""

    name: str
    host: str
    number: int
    setting: str


def require_free(ports: list[Port]) -> None:
    """
    Return if every port can be listened on.

    Raises:
        UpError: one is taken; the line names it, who has it, and the setting to change.
    """
    for port in ports:
        problem = _try(port)
        if problem is None:
            continue
        if problem.errno != errno.EADDRINUSE:
            reason = problem.strerror or str(problem)
            raise problems.cannot_listen(port.name, f"{port.host}:{port.number}", reason)
        change = port.setting.format(port=_free_near(port))
        raise problems.port_taken(port.number, port.name, _holder(port.number), change)


def _try(port: Port) -> OSError | None:
    if port.number > LAST:
        return OSError(errno.EINVAL, "there is no such port")
    with socket.socket(_family(port.host)) as listener:
        # As the server will: a port that only rests after a close counts as free.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((port.host, port.number))
            listener.listen()
        except OSError as error:
            return error
    return None


def _free_near(port: Port) -> int:
    """Return a free port that is easy to type, or the taken one if there is none near."""
    others = (replace(port, number=port.number + step) for step in range(10, 200, 10))
    return next((other.number for other in others if _try(other) is None), port.number)


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _holder(number: int) -> str:
    """Return ` name (pid) ` of the listener where the system tells (Linux, own processes)."""
    inodes = {f"socket:[{inode}]" for inode in _inodes(number)}
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):
            if inodes and str(link.readlink()) in inodes:
                process = link.parent.parent
                return f" {(process / 'comm').read_text('utf-8').strip()} (pid {process.name}) "
    return ""


def _inodes(number: int) -> set[str]:
    found: set[str] = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with suppress(OSError):
            for line in Path(table).read_text("ascii").splitlines()[1:]:
                fields = line.split()
                if fields[3] == LISTENING and int(fields[1].rsplit(":", 1)[1], 16) == number:
                    found.add(fields[9])
    return found
