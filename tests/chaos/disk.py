"""A disk of its own whose power can be cut: what had not reached it then is gone."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

MEGABYTES = 600
TABLES_MEGABYTES = 32
"""Where ext4 has its tables on a disk of this size."""
SETTLE_SECONDS = 20.0
_WRITES = (4, 6)
"""Which fields of a block device's numbers count what was written: calls and sectors."""


class Disk:
    """A file that a loop device shows as a disk with ext4 on it (needs root)."""

    def __init__(self, *, journal: bool = True) -> None:
        """Be nowhere yet; without a *journal* a disk that fails is written to all the same."""
        self._how = () if journal else ("-O", "^has_journal")
        self._folder = self._image = Path()
        self._device = ""

    @contextmanager
    def on(self, folder: Path) -> Iterator[bool]:
        """Be on *folder* while the block runs; False where this machine does not allow it."""
        self._folder, self._image = folder, folder.with_suffix(".image")
        try:
            with self._image.open("wb") as file:
                file.truncate(MEGABYTES << 20)
            _run("mkfs.ext4", "-q", *self._how, str(self._image))
            if self._how:
                _hold(self._image)
            self._attach()
        except (OSError, subprocess.CalledProcessError):
            self._detach("--lazy")
            yield False
            return
        try:
            yield True
        finally:
            self._detach("--lazy")  # whoever looked into the database here has it open still

    def cut(self, pids: Collection[int]) -> None:
        """
        Cut the power under the processes *pids*, and show what the disk holds after that.

        They are stopped, the disk is copied as it is, they are killed, the copy is mounted.  What
        they wrote and nobody had brought to the disk is not in the copy: it lay in memory.
        """
        for pid in pids:
            _signal(pid, signal.SIGSTOP)
        after = self._image.with_suffix(".after")
        while True:  # a call that was under way, or the system by itself, may still write
            before = self._written()
            _run("cp", "--sparse=always", str(self._image), str(after))
            if self._written() == before:
                break
        for pid in pids:
            _signal(pid, signal.SIGKILL)
        self._detach()
        after.replace(self._image)
        self._attach()

    def _attach(self) -> None:
        if self._how:  # without a journal somebody has to look after a cut
            subprocess.run(("e2fsck", "-fy", self._image), check=False, capture_output=True)
        self._device = _run("losetup", "--find", "--show", str(self._image)).strip()
        # What ext4 has once met as unwritable it otherwise never shows as written again.
        options = ("-o", "dioread_lock") if self._how else ()
        _run("mount", *options, self._device, str(self._folder))

    def _detach(self, *how: str) -> None:
        end = time.monotonic() + SETTLE_SECONDS
        while os.path.ismount(self._folder):
            try:
                _run("umount", *how, str(self._folder))
            except subprocess.CalledProcessError:  # somebody killed is not gone yet
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)
        if self._device:
            _run("losetup", "--detach", self._device)
            self._device = ""

    def _written(self) -> tuple[str, ...]:
        fields = Path(f"/sys/block/{Path(self._device).name}/stat").read_text("ascii").split()
        return tuple(fields[place] for place in _WRITES)


def _hold(image: Path) -> None:
    """Let the system's own tables on the disk have their room: what fails is files, not them."""
    with image.open("r+b") as file:
        tables = file.read(TABLES_MEGABYTES << 20)
        file.seek(0)
        file.write(tables)


def _signal(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _run(*command: str) -> str:
    if shutil.which(command[0]) is None:
        raise OSError(command[0])
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
