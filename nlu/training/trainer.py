"""Trains a model with Rasa, if anything it depends on changed, and lets the gate choose."""

import argparse
import fcntl
import hashlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from nlu.training import choice, gate

ROOT = Path(__file__).resolve().parents[1]
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
    """Do what the command line asks; return the exit status."""
    options = _options(arguments)
    if options.rollback:
        return _roll_back(options.out)
    if options.choose:
        return _take(options.out, options.choose)
    with alone(options.out):
        return _bring_up_to_date(options)


def fingerprint(data: Path) -> str:
    """Return a short hash of all that a model depends on: examples, settings, code."""
    code = [
        ROOT / "text.py",
        ROOT / "encoder.py",
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
        choice.to_disk(Path(made))
        Path(made).replace(model)
        with suppress(OSError):
            choice.to_disk(model.parent)


def forget_old_models(folder: Path) -> None:
    """Keep the chosen model, the one before it, and the newest, which may have been refused."""
    found = choice.read(folder)
    kept = {found.model, found.previous} if found else set()
    for model in choice.newest_first(folder)[1:]:
        if model.name not in kept:
            model.unlink()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Of two trainings into one folder the second waits, and finds what the first made."""
    folder.mkdir(parents=True, exist_ok=True)
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def sweep(folder: Path, *, now: float) -> None:
    """Remove what trainings that were killed left behind; *now* in seconds of the epoch."""
    for work in folder.glob(f"{_WORK}*"):
        if now - work.stat().st_mtime > _ABANDONED:
            shutil.rmtree(work, ignore_errors=True)


def _bring_up_to_date(options: argparse.Namespace) -> int:
    sweep(options.out, now=time.time())  # noqa: TID251  (an edge; bot/ is not ours to import)
    in_use = choice.chosen(options.out)
    wanted = options.out / f"nlu-{fingerprint(options.data)}.tar.gz"
    if wanted.exists() and not options.force:
        wanted.touch()
        print(f"nlu: {wanted} is up to date")
    else:
        _train(options.data, wanted)
    status = 0 if options.only_train else _choose(options, wanted.name, in_use)
    forget_old_models(options.out)
    return status


def _train(data: Path, wanted: Path) -> None:
    print(f"nlu: training from {data}", flush=True)
    started = time.monotonic()
    train(data, wanted)
    print(f"nlu: {wanted} trained in {time.monotonic() - started:.0f} s", flush=True)


def _choose(options: argparse.Namespace, new: str, in_use: Path | None) -> int:
    if options.force:
        choice.reconsider(options.out, new)
    try:
        told = gate.consider(
            options.out, new, in_use=in_use, held_out=options.held_out, margin=options.margin
        )
    except gate.HeldOutError as error:
        print(f"nlu: {error}", file=sys.stderr)
        return 1
    print("\n".join(f"nlu: {line}" for line in told))
    return 0


def _roll_back(folder: Path) -> int:
    try:
        now = choice.roll_back(folder)
    except choice.NoPreviousModelError:
        print(f"nlu: no model before the present one in {folder}", file=sys.stderr)
        return 1
    print(f"nlu: {now.model} is in use again, {now.previous} no longer")
    return 0


def _take(folder: Path, name: str) -> int:
    """Choose what was judged on another host; what it goes back from stays refused here too."""
    if not (folder / name).is_file():
        print(f"nlu: no {name} in {folder}", file=sys.stderr)
        return 1
    known = choice.read(folder)
    if known and known.previous == name:
        return _roll_back(folder)
    before = choice.chosen(folder)
    choice.switch(folder, name, before=before.name if before and before.name != name else "")
    forget_old_models(folder)
    print(f"nlu: {name} is in use")
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="nlu/train.py", description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT / "data")
    parser.add_argument("--out", type=Path, default=Path("var/models/nlu"))
    parser.add_argument("--force", action="store_true", help="train even if nothing changed")
    parser.add_argument("--held-out", type=Path, default=gate.HELD_OUT, help="file or folder")
    parser.add_argument("--margin", type=float, default=gate.MARGIN, help="what it may be worse")
    parser.add_argument("--only-train", action="store_true", help="leave the choice as it is")
    parser.add_argument("--choose", default="", help="choose this archive of the folder")
    parser.add_argument("--rollback", action="store_true", help="choose the model before")
    return parser.parse_args(arguments)
