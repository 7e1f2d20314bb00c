"""Models for the comparison, trained by Rasa and kept with what their training cost."""

import json
import os
import re
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.recipes import ROOT, Recipe

KEPT = ROOT / "var" / "bench"
PYTHON = ROOT / "nlu" / ".venv" / "bin" / "python"
_LOSS = re.compile(r"(\d+)/\d+ \[[^\]]*t_loss=([\d.]+)")
_QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "RASA_MAX_CACHE_SIZE": "0",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}


@dataclass(frozen=True, slots=True)
class Training:
    """What a training cost: the whole command, from start to archive."""

    seconds: float
    processor_seconds: float
    memory_mb: float
    """The most it ever held."""
    load: float
    """Load average at its end; a busy machine makes `seconds` say little."""


@dataclass(frozen=True, slots=True)
class Trained:
    """A model and what its training cost."""

    archive: Path
    training: Training
    losses: tuple[float, ...]
    """After each epoch, where there are epochs."""


def trained(recipe: Recipe, kept: Path = KEPT) -> Trained:
    """
    Return the model of *recipe*, trained now unless an earlier run left it in *kept*.

    Raises:
        SystemExit: Rasa could not train; its own words are in the log that is named.
    """
    folder = kept / f"{recipe.name}-{recipe.fingerprint}"
    archive, note = folder / "model.tar.gz", folder / "training.json"
    if not note.exists():
        folder.mkdir(parents=True, exist_ok=True)
        print(f"training {recipe.name}: {folder / 'training.log'}", file=sys.stderr)  # noqa: T201
        training = _train(recipe, folder)
        note.write_text(json.dumps(asdict(training)), "utf-8")
    log = (folder / "training.log").read_text("utf-8", "replace")
    return Trained(archive, Training(**json.loads(note.read_text("utf-8"))), losses(log))


def environment(log_level: str) -> dict[str, str]:
    """Return the environment of every process of the comparison; INFO shows the losses."""
    # Where bytecode may not be written, each start would compile all of Rasa.
    inherited = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return {**inherited, **_QUIET, "LOG_LEVEL": log_level}


def _train(recipe: Recipe, folder: Path) -> Training:
    examples = recipe.examples
    if isinstance(examples, str):
        (folder / "nlu.yml").write_text(examples, "utf-8")
        examples = folder / "nlu.yml"
    (folder / "config.yml").write_text(recipe.config, "utf-8")
    (folder / "domain.yml").write_text(recipe.domain, "utf-8")
    what = ["--data"] if recipe.dialogue else ["nlu", "--nlu"]
    command = [
        str(PYTHON), "-m", "rasa", "train", *what, str(examples),
        "--config", str(folder / "config.yml"), "--domain", str(folder / "domain.yml"),
        "--out", str(folder), "--fixed-model-name", "model",
    ]  # fmt: skip
    started = time.perf_counter()
    with (folder / "training.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment("INFO"), stdout=log, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    if process.returncode or not (folder / "model.tar.gz").exists():
        sys.exit(f"{recipe.name} could not be trained: see {folder / 'training.log'}")
    spent = usage.ru_utime + usage.ru_stime
    return Training(
        round(seconds, 1),
        round(spent, 1),
        round(usage.ru_maxrss / 1024),
        round(os.getloadavg()[0], 2),
    )


def losses(log: str) -> tuple[float, ...]:
    """Return the loss after each epoch, as Rasa's progress bar shows it."""
    return tuple({int(epoch): float(loss) for epoch, loss in _LOSS.findall(log)}.values())
