"""What training leaves in the folder of models."""

import os
from pathlib import Path

from nlu.training.trainer import forget_old_models, newest_model, sweep

NOW = 1_800_000_000


def test_what_a_killed_training_left_goes_and_a_running_one_stays(tmp_path: Path) -> None:
    for name, age in ((".training-killed", 3_700), (".training-running", 60), ("mine", 9_999)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "half.tar.gz").write_bytes(b"half")
        os.utime(tmp_path / name, (NOW - age, NOW - age))

    sweep(tmp_path, now=NOW)

    assert sorted(path.name for path in tmp_path.iterdir()) == [".training-running", "mine"]


def test_the_newest_model_and_the_one_before_it_are_kept(tmp_path: Path) -> None:
    for age, name in enumerate(("nlu-c.tar.gz", "nlu-a.tar.gz", "nlu-b.tar.gz")):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (NOW - age, NOW - age))

    forget_old_models(tmp_path)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["nlu-a.tar.gz", "nlu-c.tar.gz"]
    assert newest_model(tmp_path) == tmp_path / "nlu-c.tar.gz"
