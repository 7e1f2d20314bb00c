"""A PostgreSQL, a Redis and a small disk of this run's own, to be killed and filled."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

DISK_MEGABYTES = 900
ROOT = Path(__file__).parents[2]
AS_POSTGRES = ("runuser", "-u", "postgres", "--")


def free_port() -> int:
    """Return a port on which nobody listens now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@dataclass
class Postgres:
    """A cluster in *folder* that can be killed and started again."""

    folder: Path
    port: int

    @classmethod
    def create(cls, folder: Path) -> "Postgres":
        folder.mkdir()
        shutil.chown(folder, "postgres")
        made = cls(folder, free_port())
        made._run("initdb", "-D", str(folder / "data"), "-A", "trust", "-U", "app")
        made.start()
        made._run("createdb", "-h", "127.0.0.1", "-p", str(made.port), "-U", "app", "app")
        return made

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://app@127.0.0.1:{self.port}/app"

    def start(self) -> None:
        """Start it, again and again if need be: after a kill its shared memory may linger."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.folder}"
        for _ in range(30):
            done = self._run(
                "pg_ctl", "-D", str(self.folder / "data"), "-w", "-t", "20",
                "-l", str(self.folder / "log"), "-o", options, "start", check=False,
            )  # fmt: skip
            if done:
                return
            time.sleep(1)
        raise AssertionError("PostgreSQL does not start: see its log")

    def kill(self) -> bool:
        """Kill it and all its children at once, as a power cut would; False: it was down."""
        if not self.is_up():
            return False
        for each in self.pids():
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        return True

    def pids(self) -> list[int]:
        """Return the process that runs it and all its children."""
        pid = int((self.folder / "data/postmaster.pid").read_text("ascii").split()[0])
        children = subprocess.run(
            ["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False
        ).stdout.split()
        return [pid, *map(int, children)]

    def is_up(self) -> bool:
        return self._run("pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port), check=False)

    def _run(self, name: str, *args: str, check: bool = True) -> bool:
        binary = max(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
        done = subprocess.run(
            [*AS_POSTGRES, str(binary), *args], check=check, cwd=self.folder,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        return done.returncode == 0


@dataclass
class RedisServer:
    """A Redis that keeps nothing, to be killed."""

    port: int
    process: "subprocess.Popen[bytes]"

    @classmethod
    def create(cls) -> "RedisServer":
        port = free_port()
        return cls(port, _redis(port))

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def kill(self) -> bool:
        ran = self.process.poll() is None
        self.process.kill()
        self.process.wait()
        return ran

    def start(self) -> None:
        if self.process.poll() is not None:
            self.process = _redis(self.port)


def _redis(port: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly",
         "no"],
        stdout=subprocess.DEVNULL,
    )  # fmt: skip


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """Put *folder* on a disk that can be filled; False where this machine does not allow it."""
    size = f"size={DISK_MEGABYTES}m"
    mounted = (
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)],
            check=False, capture_output=True,
        ).returncode == 0
    )  # fmt: skip
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=False)


def fill(folder: Path) -> Path:
    """Fill the disk *folder* is on to the last byte; return what to remove."""
    path = folder / "filler"
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0" * (1 << 20))
    return path


def clock_environment(file: Path) -> dict[str, str]:
    """Return what makes the service's processes read their clock with the offset in *file*."""
    move(file, 0)
    stepping = Path(__file__).with_name("stepping")
    return {"PYTHONPATH": f"{stepping}{os.pathsep}{ROOT}", "CHAOS_CLOCK": str(file)}


def move(file: Path, seconds: int) -> None:
    """Move the service's clock; whoever reads meanwhile sees the old or the new, never half."""
    part = file.with_suffix(".part")
    part.write_text(str(seconds), "ascii")
    part.replace(file)
