"""Which Python makes which environment."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

# A Python built without these headers starts, and fails much later inside a package.
PROBE = "import ctypes, sqlite3, ssl, sys, zlib; print(*sys.version_info[:2])"
PROBE_SECONDS = 20


def runs_as(python: Path, version: tuple[int, int]) -> bool:
    """Say whether *python* really starts, complete, as *version*; a pyenv shim may not."""
    try:
        answer = subprocess.run(  # noqa: S603 - the path comes from PATH or pyenv
            [python, "-c", PROBE],
            capture_output=True,
            check=False,
            encoding="utf-8",
            timeout=PROBE_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and answer.stdout.split() == [str(part) for part in version]


def find(version: tuple[int, int], environ: Mapping[str, str] = os.environ) -> Path | None:
    """Return a Python of exactly *version*: pyenv's own, else one on PATH that starts."""
    candidates = (*_of_pyenv(version, environ), *_on_path(version, environ))
    return next((python for python in candidates if runs_as(python, version)), None)


def _of_pyenv(version: tuple[int, int], environ: Mapping[str, str]) -> list[Path]:
    """The real interpreters, newest first: the shims in front of them may refuse to start."""
    home = environ.get("HOME", "~")
    root = Path(environ.get("PYENV_ROOT") or Path(home, ".pyenv")).expanduser()
    try:
        found = list(root.glob(f"versions/{version[0]}.{version[1]}.*/bin/python"))
    except PermissionError:  # root's, which the environment of root still names
        return []
    return sorted(found, key=lambda path: _numbers(path.parent.parent.name), reverse=True)


def _on_path(version: tuple[int, int], environ: Mapping[str, str]) -> Iterator[Path]:
    for folder in environ.get("PATH", "").split(os.pathsep):
        found = folder and shutil.which(f"python{version[0]}.{version[1]}", path=folder)
        if found:
            yield Path(found)


def _numbers(name: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", name)]
