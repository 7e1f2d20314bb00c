"""Memory that is needed no more goes back to the system."""

import sys
from pathlib import Path

import numpy as np
import pytest

from bot import memory

MANY = 20_000
OF_A_KIBIBYTE = 128


def held() -> int:
    """The pages that are this process's alone, in bytes."""
    lines = Path("/proc/self/smaps_rollup").read_text("ascii").splitlines()
    return sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Private_Dirty"))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_what_is_needed_no_more_is_given_back() -> None:
    kept = [np.ones(OF_A_KIBIBYTE) for _ in range(MANY)]
    last = np.ones(OF_A_KIBIBYTE)  # what lies above keeps the heap from shrinking by itself
    before = held()
    del kept

    memory.give_back()

    assert last.all()
    assert before - held() > MANY * 1024 / 2


def test_where_the_system_cannot_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctypes.CDLL", lambda name: object())

    memory.give_back()
