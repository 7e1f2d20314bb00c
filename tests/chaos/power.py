"""The power is cut again and again while a crowd writes: what was acknowledged is there."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from bot.up import health
from tests.chaos.disk import Disk
from tests.chaos.faults import BACK_SECONDS, Around
from tests.e2e.running import Service, launch

BETWEEN_SECONDS = (4.0, 12.0)
STOP_SECONDS = 60


@contextmanager
def cutting(around: Around, disk: Disk, cuts: int) -> Iterator[None]:
    """Cut the power so often in the background; leaving the block waits until that is done."""
    failed: list[Exception] = []
    thread = threading.Thread(target=_cut_all, args=(around, disk, cuts, failed), name="power")
    thread.start()
    try:
        yield
    finally:
        thread.join()
    if failed:
        raise failed[0]


def cut(around: Around, disk: Disk) -> None:
    """Cut the power once, and start everything from what is left on the disk."""
    disk.cut([*around.service.pids(""), *(around.postgres.pids() if around.postgres else ())])
    _reap(around.service)
    if around.postgres:
        around.postgres.start()
    around.service = replace(
        around.service, start=launch(around.service.folder, around.service.env)
    )


def stop(service: Service) -> None:
    """End what was started after a cut, which nobody else waits for."""
    if service.start:
        service.start.send_signal(signal.SIGINT)
        service.start.wait(STOP_SECONDS)


def _cut_all(around: Around, disk: Disk, cuts: int, failed: list[Exception]) -> None:
    try:
        for _ in range(cuts):
            time.sleep(around.chance.uniform(*BETWEEN_SECONDS))
            cut(around, disk)
            around.struck["the power is cut"] += 1
            _wait(around.service)
    except Exception as error:  # noqa: BLE001 (raised where the crowd is waited for)
        failed.append(error)


def _wait(service: Service) -> None:
    end = time.monotonic() + BACK_SECONDS
    while not health.answers(f"{service.web}/healthy"):
        service.require_kept()
        assert time.monotonic() < end, "not back after a power cut"
        time.sleep(0.2)


def _reap(service: Service) -> None:
    if service.start:
        service.start.wait(STOP_SECONDS)
