"""Which trained model answers: a small file beside the models, always replaced as a whole."""

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

FILE = "current.json"
PATTERN = "nlu-*.tar.gz"


class NoPreviousModelError(Exception):
    """There is no model to go back to."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Names of archives in the folder of models."""

    model: str
    previous: str = ""
    """What a rollback goes back to; empty where nothing was in use before."""
    refused: tuple[str, ...] = ()
    """Judged worse, or rolled back: no later training takes them into use by itself."""


def read(folder: Path) -> Choice | None:
    """Return what was chosen in *folder*; None where nothing legible was."""
    try:
        found = json.loads((folder / FILE).read_text("utf-8"))
        return Choice(str(found["model"]), str(found["previous"]), tuple(found["refused"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def chosen(folder: Path) -> Path | None:
    """Return the model to serve: the chosen one, else the newest, if there is any."""
    choice = read(folder)
    if choice and choice.model and (folder / choice.model).is_file():
        return folder / choice.model
    return next(iter(newest_first(folder)), None)


def newest_first(folder: Path) -> list[Path]:
    """Return the models in *folder*, the one trained or confirmed last before the others."""
    return sorted(folder.glob(PATTERN), key=lambda path: -path.stat().st_mtime_ns)


def switch(folder: Path, name: str, *, before: str = "") -> None:
    """Choose the archive *name*; *before* is what served where nothing had been chosen."""
    old = read(folder) or Choice(before)
    if old.model == name:
        _write(folder, old)
        return
    refused = tuple(other for other in old.refused if other != name)
    _write(folder, Choice(name, old.model, refused))


def refuse(folder: Path, name: str, *, before: str) -> None:
    """Keep what serves, and *name* from being taken into use by a later training."""
    old = read(folder) or Choice(before)
    _write(folder, replace(old, refused=_with(old.refused, name)))


def reconsider(folder: Path, name: str) -> None:
    """Forget that *name* was refused."""
    old = read(folder)
    if old:
        _write(folder, replace(old, refused=tuple(n for n in old.refused if n != name)))


def roll_back(folder: Path) -> Choice:
    """
    Choose the model before the present one; a second time comes back again.

    Raises:
        NoPreviousModelError: there is none, or it was removed.
    """
    old = read(folder)
    if old is None or not old.previous or not (folder / old.previous).is_file():
        raise NoPreviousModelError
    refused = tuple(name for name in _with(old.refused, old.model) if name != old.previous)
    new = Choice(old.previous, old.model, refused)
    _write(folder, new)
    return new


def _with(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return names if name in names else (*names, name)


def _write(folder: Path, choice: Choice) -> None:
    # Archives that are gone need no memory; so the file stays small.
    there = tuple(name for name in choice.refused if (folder / name).is_file())
    body = json.dumps(asdict(replace(choice, refused=there)), indent=1) + "\n"
    unfinished = folder / f".{FILE}-{os.getpid()}"
    unfinished.write_text(body, "utf-8")
    to_disk(unfinished)  # after a power cut it must not be there and empty
    unfinished.replace(folder / FILE)
    with suppress(OSError):  # some file systems have no such call for folders
        to_disk(folder)


def to_disk(path: Path) -> None:
    """Bring the content of a file, or the names in a folder, to the disk."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
