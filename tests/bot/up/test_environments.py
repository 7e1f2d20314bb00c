import sys
from pathlib import Path

import pytest

from bot.up.environments import Environment
from bot.up.install import web_environment


@pytest.fixture
def installed(tmp_path: Path) -> Environment:
    folder = tmp_path / ".venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin/python").symlink_to(sys.executable)
    (folder / "pyvenv.cfg").write_text("version = 3.11.7\n", "utf-8")
    lock = tmp_path / "web.txt"
    lock.write_text("flask==3.1.0\n", "utf-8")
    environment = Environment(folder, lock)
    environment.mark_finished()
    return environment


def test_a_finished_installation_is_not_repeated(installed: Environment) -> None:
    assert installed.is_ready()


def test_a_changed_lock_is_installed_into_the_same_environment(installed: Environment) -> None:
    installed.lock.write_text("flask==3.1.1\n", "utf-8")

    assert not installed.is_ready()
    assert installed.is_whole()


def test_a_killed_installation_is_not_whole(installed: Environment) -> None:
    installed.mark_unfinished()

    assert not installed.is_whole()
    assert not installed.is_ready()


def test_another_python_makes_it_anew(installed: Environment) -> None:
    (installed.folder / "pyvenv.cfg").write_text("version = 3.13.0\n", "utf-8")

    assert not installed.is_ready()


def test_a_python_that_was_removed_makes_it_anew(installed: Environment) -> None:
    installed.python.unlink()
    installed.python.symlink_to("/nowhere/python")

    assert not installed.is_whole()


def test_the_service_runs_on_what_the_tests_installed(installed: Environment) -> None:
    web = Environment(installed.folder, installed.lock.with_name("fewer.txt"))

    assert web_environment("run", web, installed) is installed


def test_the_service_does_not_install_what_only_tests_need(installed: Environment) -> None:
    web = Environment(installed.folder, installed.lock.with_name("fewer.txt"))
    installed.mark_unfinished()

    assert web_environment("run", web, installed) is web
    assert web_environment("test", web, installed) is installed
