"""Files that are whole, and on the disk when the call returns."""

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import durable


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the system was asked for, in order."""
    asked: list[str] = []

    def noted(real: Callable[..., object], what: str) -> Callable[..., object]:
        def call(*args: object, **named: object) -> object:
            kind = what
            if what == "fsync":
                mode = os.fstat(int(str(args[0]))).st_mode
                kind += " of a folder" if stat.S_ISDIR(mode) else " of a file"
            asked.append(kind)
            return real(*args, **named)

        return call

    monkeypatch.setattr(os, "fsync", noted(os.fsync, "fsync"))
    monkeypatch.setattr(Path, "replace", noted(Path.replace, "replace"))
    return asked


def test_the_content_is_on_the_disk_before_the_name_is(tmp_path: Path, calls: list[str]) -> None:
    durable.put(tmp_path / "new" / "keys", b"secret")

    assert calls == [
        "fsync of a file",
        "replace",
        "fsync of a folder",
        "fsync of a folder",
    ]
    assert (tmp_path / "new" / "keys").read_bytes() == b"secret"


def test_of_a_folder_that_was_there_its_own_names_are_enough(
    tmp_path: Path, calls: list[str]
) -> None:
    durable.put(tmp_path / "keys", b"secret")

    assert calls == ["fsync of a file", "replace", "fsync of a folder"]


@pytest.mark.parametrize("number", [errno.EACCES, errno.EINVAL])
def test_a_folder_that_cannot_be_brought_to_the_disk_is_left_to_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """Some network shares know no such call, and not every folder may be listed."""

    def refuse(*_: object) -> int:
        raise OSError(number, "no")

    monkeypatch.setattr(os, "open", refuse)

    durable.names_to_disk(tmp_path)


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    path.write_bytes(b"old")
    path.chmod(0o644)

    durable.put(path, b"new")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes() == b"new"


def test_what_cannot_be_brought_to_the_disk_leaves_the_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "full")

    path = tmp_path / "keys"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(OSError, match="full"):
        durable.put(path, b"new")

    assert path.read_bytes() == b"old"
    assert [it.name for it in tmp_path.iterdir()] == ["keys"]


def test_what_is_still_in_python_is_brought_too(tmp_path: Path, calls: list[str]) -> None:
    path = tmp_path / "backup"
    with path.open("wb") as file:
        file.write(b"few bytes")
        durable.to_disk(file)

        assert path.read_bytes() == b"few bytes"
    assert calls == ["fsync of a file"]
