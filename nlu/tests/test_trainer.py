"""What training leaves in the folder of models, and which of them it takes into use."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from itertools import islice
from pathlib import Path

import pytest
import yaml

from nlu.training import choice
from nlu.training.trainer import alone, fingerprint, forget_old_models, main, sweep

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "nlu" / "data"
NOW = 1_800_000_000
FEW = 8


def test_what_a_killed_training_left_goes_and_a_running_one_stays(tmp_path: Path) -> None:
    for name, age in ((".training-killed", 3_700), (".training-running", 60), ("mine", 9_999)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "half.tar.gz").write_bytes(b"half")
        os.utime(tmp_path / name, (NOW - age, NOW - age))

    sweep(tmp_path, now=NOW)

    assert sorted(path.name for path in tmp_path.iterdir()) == [".training-running", "mine"]


def test_the_newest_model_the_chosen_and_the_one_before_it_are_kept(tmp_path: Path) -> None:
    for age, letter in enumerate("fedcba"):
        (tmp_path / f"nlu-{letter}.tar.gz").touch()
        os.utime(tmp_path / f"nlu-{letter}.tar.gz", (NOW - age, NOW - age))
    choice.switch(tmp_path, "nlu-a.tar.gz")
    choice.switch(tmp_path, "nlu-c.tar.gz")

    forget_old_models(tmp_path)

    kept = sorted(path.name for path in tmp_path.glob("*.tar.gz"))
    assert kept == ["nlu-a.tar.gz", "nlu-c.tar.gz", "nlu-f.tar.gz"]


def test_a_second_training_waits_and_finds_what_the_first_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, models = tmp_path / "data", tmp_path / "models"
    data.mkdir()  # nothing to learn from: to train would fail
    arguments = ["--only-train", "--data", str(data), "--out", str(models)]
    with ThreadPoolExecutor(1) as pool:
        with alone(models):
            second = pool.submit(main, arguments)
            wait([second], timeout=0.2)
            assert not second.done()
            (models / f"nlu-{fingerprint(data)}.tar.gz").touch()

        assert second.result() == 0

    assert "is up to date" in capsys.readouterr().out


@pytest.mark.slow
def test_a_worse_model_is_trained_and_judged_but_not_taken_into_use(
    model_path: Path, little: Path, held_out: Path, tmp_path: Path
) -> None:
    shutil.copy(model_path, tmp_path)
    choice.switch(tmp_path, model_path.name)

    told = _train("--out", tmp_path, "--data", little, "--held-out", held_out)

    worse = f"nlu-{fingerprint(little)}.tar.gz"
    assert f"{model_path.name} stays in use: {worse} is refused: intent macro-F1 falls" in told
    assert told.count(" 0.") + told.count(" 1.") >= 6  # both rows of figures
    assert choice.read(tmp_path) == choice.Choice(model_path.name, "", (worse,))
    again = _train("--out", tmp_path, "--data", little, "--held-out", held_out)
    assert "was refused" in again
    assert "held out" not in again


@pytest.mark.slow
def test_a_better_model_is_taken_into_use_and_rolled_back(
    model_path: Path, little_model: Path, held_out: Path, tmp_path: Path
) -> None:
    shutil.copy(little_model, tmp_path)
    choice.switch(tmp_path, little_model.name)
    shutil.copy(model_path, tmp_path)

    told = _train("--out", tmp_path, "--held-out", held_out)

    assert f"{model_path.name} is in use; {little_model.name} is kept" in told
    assert choice.chosen(tmp_path) == tmp_path / model_path.name
    assert "is in use again" in _train("--out", tmp_path, "--rollback")
    assert choice.chosen(tmp_path) == tmp_path / little_model.name
    assert "rolled back" in _train("--out", tmp_path, "--held-out", held_out)
    assert choice.chosen(tmp_path) == tmp_path / little_model.name


def test_without_a_model_before_it_there_is_nothing_to_roll_back_to(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        _train("--out", tmp_path, "--rollback")


@pytest.fixture(scope="module")
def little(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first examples of each intent: enough to learn something, too few to be good."""
    folder = tmp_path_factory.mktemp("little")
    for name, intent, rows in _intents():
        body = {"nlu": [{"intent": intent, "examples": rows[:FEW]}]}
        (folder / name).write_text(json.dumps(body, ensure_ascii=False), "utf-8")
    return folder


@pytest.fixture(scope="module")
def little_model(little: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of those."""
    folder = tmp_path_factory.mktemp("models")
    _train("--out", folder, "--data", little, "--only-train")
    return next(folder.glob("*.tar.gz"))


@pytest.fixture(scope="module")
def held_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Messages that the little model has not seen; the other one has, and knows them better."""
    path = tmp_path_factory.mktemp("heldout") / "messages.jsonl"
    lines = [
        json.dumps({"text": row["text"], "intent": intent, "topic": row["metadata"]["topic"]})
        for _, intent, rows in _intents()
        for row in islice(rows, FEW, 4 * FEW)
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def _intents() -> Iterator[tuple[str, str, list[dict[str, object]]]]:
    for path in sorted(DATA.glob("*.yml")):
        for group in yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)["nlu"]:
            if not group["examples"][0]["metadata"].get("evidence"):
                yield path.name, group["intent"], group["examples"]


def _train(*arguments: object) -> str:
    command = [sys.executable, "nlu/train.py", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout
