"""Trains a model with Rasa, if anything it depends on changed, and keeps the one before."""

import argparse
import hashlib
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_KEPT = 2
_WORK = ".training-"
_ABANDONED = 3600  # seconds; a training takes one of their minutes
_QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "RASA_MAX_CACHE_SIZE": "0",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "LOG_LEVEL": "WARNING",
}


def main(arguments: list[str] | None = None) -> int:
    """Train from the command line; return the exit status."""
    options = _options(arguments)
    sweep(options.out, now=time.time())  # noqa: TID251  (an edge; bot/ is not ours to import)
    wanted = options.out / f"nlu-{fingerprint(options.data)}.tar.gz"
    if wanted.exists() and not options.force:
        wanted.touch()
        print(f"nlu: {wanted} is up to date")
        return 0
    print(f"nlu: training from {options.data}", flush=True)
    started = time.monotonic()
    train(options.data, wanted)
    forget_old_models(options.out)
    print(f"nlu: {wanted} trained in {time.monotonic() - started:.0f} s")
    return 0


def fingerprint(data: Path) -> str:
    """Return a short hash of all that a model depends on: examples, settings, code."""
    code = [
        ROOT / "text.py",
        ROOT / "labels.py",
        *ROOT.glob("components/**/*.py"),
        *ROOT.glob("lists/*"),
    ]
    settings = [ROOT / "config.yml", ROOT / "domain.yml"]
    digest = hashlib.sha256()
    for path in sorted(settings + code) + sorted(data.glob("*.yml")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def train(data: Path, model: Path) -> None:
    """
    Leave a trained model at *model*, complete or not at all.

    Raises:
        SystemExit: Rasa could not train.
    """
    # Rasa reads these when it is imported, and its import pulls in TensorFlow.
    os.environ.update({key: os.environ.get(key, value) for key, value in _QUIET.items()})
    from rasa.model_training import train_nlu  # noqa: PLC0415

    model.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=model.parent, prefix=_WORK) as work:
        made = train_nlu(
            config=str(ROOT / "config.yml"),
            nlu_data=str(data),
            domain=str(ROOT / "domain.yml"),
            output=work,
            fixed_model_name=model.name,
        )
        if made is None:
            sys.exit(f"nlu: no model came of {data}")
        Path(made).replace(model)


def newest_model(folder: Path) -> Path | None:
    """Return the model trained or confirmed last in *folder*, if there is one."""
    return next(iter(_newest_first(folder)), None)


def forget_old_models(folder: Path) -> None:
    """Keep the newest model and the one before it, to which one can roll back."""
    for model in _newest_first(folder)[_KEPT:]:
        model.unlink()


def sweep(folder: Path, *, now: float) -> None:
    """Remove what trainings that were killed left behind; *now* in seconds of the epoch."""
    for work in folder.glob(f"{_WORK}*"):
        if now - work.stat().st_mtime > _ABANDONED:
            shutil.rmtree(work, ignore_errors=True)


def _newest_first(folder: Path) -> list[Path]:
    return sorted(folder.glob("nlu-*.tar.gz"), key=lambda path: -path.stat().st_mtime_ns)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="nlu/train.py", description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT / "data")
    parser.add_argument("--out", type=Path, default=Path("var/models/nlu"))
    parser.add_argument("--force", action="store_true", help="train even if nothing changed")
    return parser.parse_args(arguments)
