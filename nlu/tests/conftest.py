"""One trained model for all tests, and the thin server's view of it."""

import subprocess
import sys
from pathlib import Path

import pytest

from nlu.serving.model import Model, load
from nlu.training.choice import newest_first

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def model_path() -> Path:
    """Return the model of this checkout; it is trained if anything changed."""
    # In a process of its own: training imports TensorFlow, which the server
    # must do without.
    command = [sys.executable, "nlu/train.py", "--only-train", "--out", "var/models/nlu"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return newest_first(ROOT / "var" / "models" / "nlu")[0]


@pytest.fixture(scope="session")
def model(model_path: Path) -> Model:
    """Return the model as the thin server loads it."""
    return load(model_path)
