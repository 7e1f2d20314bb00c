"""How a classifier is fitted: on two processors what one alone comes to."""

import copy
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from rasa.shared.nlu.constants import TEXT
from scipy.sparse import random as chance

from nlu.components import linear
from nlu.components.features import add_row
from nlu.components.linear import Lesson, LinearModel, fit_calibrated
from nlu.components.row import Row
from nlu.training.examples import Example

MANY = 300
KINDS = ("land", "wages", "work")
ROOT = Path(__file__).resolve().parents[2]
KILLED = """
import multiprocessing, os
import numpy as np
from nlu.components import linear

linear._LARGE, os.cpu_count = 0, lambda: 2
linear._unseen = lambda *_: [(np.zeros(1_000_000), np.zeros(1))]  # more than a pipe holds
with linear._beside(linear.Lesson(None, np.zeros(1), []), 0.2):
    print(multiprocessing.active_children()[0].pid, flush=True)
    os._exit(1)
"""


@pytest.fixture
def lesson() -> Lesson:
    rows = chance(MANY, 40, density=0.3, format="csr", random_state=7)
    likely = np.asarray(rows @ np.random.default_rng(7).normal(size=(40, len(KINDS))))
    labels = np.array(KINDS)[likely.argmax(axis=1)]
    return Lesson(rows, labels, [str(number) for number in range(MANY)])


@pytest.fixture
def alone(lesson: Lesson, monkeypatch: pytest.MonkeyPatch) -> LinearModel:
    """What one processor comes to; from then on there are two."""
    fitted = fit_calibrated(lesson, strength=0.2)
    monkeypatch.setattr(linear, "_LARGE", 0)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    return fitted


def test_a_second_processor_makes_the_same_model(lesson: Lesson, alone: LinearModel) -> None:
    assert _same(fit_calibrated(lesson, strength=0.2), alone)


def test_where_the_helper_is_killed_its_work_is_done_here(
    lesson: Lesson, alone: LinearModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linear, "_tell", lambda *_: os._exit(9))

    assert _same(fit_calibrated(lesson, strength=0.2), alone)


def test_of_a_training_that_was_killed_no_helper_stays() -> None:
    command = [sys.executable, "-c", KILLED]
    killed = subprocess.run(
        command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=60
    )
    helper = Path("/proc") / killed.stdout.strip()

    deadline = time.monotonic() + 60
    while _runs(helper):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_an_example_is_told_apart_by_all_that_is_in_it() -> None:
    example = Example({TEXT: "老板不给钱", "metadata": {"example": {"topic": "wages"}}})
    first = example.fingerprint()
    int(first, 16)  # what Rasa takes it for

    assert Example(example.data).fingerprint() == first
    assert Example({**example.data, "metadata": {}}).fingerprint() != first
    row = Row(np.array([1], np.int32), np.array([1.0], np.float32), 3)
    add_row(example, row, "subject")
    assert example.fingerprint() != first


def test_a_copied_example_gets_features_of_its_own() -> None:
    example = Example({TEXT: "老板不给钱"})
    other = copy.deepcopy(example)

    add_row(other, Row(np.array([1], np.int32), np.array([1.0], np.float32), 3), "subject")
    other.set("folded", "老板不给钱")

    assert not example.features
    assert example.get("folded") is None
    assert other.get(TEXT) == example.get(TEXT)


def _runs(process: Path) -> bool:
    try:
        return "\nState:\tZ" not in (process / "status").read_text("ascii")
    except OSError:
        return False


def _same(one: LinearModel, other: LinearModel) -> bool:
    return (
        one.labels == other.labels
        and one.temperature == other.temperature
        and np.array_equal(one.weights, other.weights)
        and np.array_equal(one.bias, other.bias)
    )
