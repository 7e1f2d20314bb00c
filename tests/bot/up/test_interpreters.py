from pathlib import Path

import pytest

from bot.up import interpreters

OURS = Path(__file__)


def a_python(path: Path, *, version: str = "3 10", code: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho {version}\nexit {code}\n", "utf-8")
    path.chmod(0o755)
    return path


def a_machine(tmp_path: Path, *folders: Path) -> dict[str, str]:
    return {"PYENV_ROOT": str(tmp_path / "pyenv"), "PATH": ":".join(map(str, folders))}


def test_a_shim_that_refuses_is_passed_over(tmp_path: Path) -> None:
    shim = a_python(tmp_path / "shims/python3.10", code=127)
    real = a_python(tmp_path / "usr/python3.10")

    environ = a_machine(tmp_path, shim.parent, real.parent)

    assert interpreters.find((3, 10), environ) == real


def test_pyenv_is_asked_for_its_newest_itself(tmp_path: Path) -> None:
    versions = tmp_path / "pyenv/versions"
    a_python(versions / "3.10.9/bin/python")
    newest = a_python(versions / "3.10.13/bin/python")
    a_python(versions / "3.11.1/bin/python", version="3 11")

    assert interpreters.find((3, 10), a_machine(tmp_path)) == newest


def test_a_name_that_lies_about_its_version_is_not_taken(tmp_path: Path) -> None:
    liar = a_python(tmp_path / "usr/python3.10", version="3 12")

    assert interpreters.find((3, 10), a_machine(tmp_path, liar.parent)) is None


def test_a_machine_without_any_has_none(tmp_path: Path) -> None:
    assert interpreters.find((3, 10), a_machine(tmp_path, tmp_path)) is None


def test_a_pyenv_that_only_another_may_read_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service has an account of its own, made by a root whose environment names its pyenv."""
    real = a_python(tmp_path / "usr/python3.10")

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "glob", refuse)

    assert interpreters.find((3, 10), a_machine(tmp_path, real.parent)) == real
