"""Processes follow each other: a killed one, and all of them when new code comes."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from bot.errors import UpkeepError
from bot.sections import Web
from bot.settings import Settings
from bot.up import reload
from bot.up.programs import SUCCESSION
from bot.up.reload import reload_process
from tests.e2e.running import until

APP = """
import json, os, time
LOADED_BY = os.getpid()
def share():
    time.sleep({loads})
def create_app():
    if {broken}:
        raise RuntimeError("half an upgrade")
    def app(environ, start):
        start("200 OK", [("Content-Type", "application/json")])
        told = {{"process": os.getpid(), "version": {version}, "loaded_by": LOADED_BY}}
        return [json.dumps(told).encode()]
    return app
"""


class Server:
    """A gunicorn with two children, and its code."""

    def __init__(self, folder: Path, port: int) -> None:
        self.module = folder / "handlers/web/app.py"
        self.module.parent.mkdir(parents=True)
        self.address = f"http://127.0.0.1:{port}/healthy"
        self.install(version=1)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "handlers.web.app:create_app()", "--bind",
             f"127.0.0.1:{port}", "--workers", "2", "--no-control-socket", "--config",
             str(SUCCESSION)],
            cwd=folder, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def install(self, version: int, *, broken: bool = False, loads: float = 0.0) -> None:
        self.module.write_text(APP.format(version=version, broken=broken, loads=loads))

    def told(self, what: str) -> int:
        return int(requests.get(self.address, timeout=5).json()[what])

    def serves(self) -> bool:
        try:
            return bool(self.told("version"))
        except OSError:
            return False

    @property
    def children(self) -> set[int]:
        return reload._children(self.process.pid)


@pytest.fixture
def server(tmp_path: Path, free_port: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(reload, "ROOT", tmp_path)
    (tmp_path / "bot/up").mkdir(parents=True)
    shutil.copy(SUCCESSION, tmp_path / "bot/up")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    made = Server(tmp_path, free_port)
    until(lambda: made.serves() and len(made.children) == 2)
    yield made
    made.process.terminate()
    made.process.wait()


@pytest.fixture
def reloaded(settings: Settings, free_port: int) -> Settings:
    return settings.model_copy(update={"web": Web(port=free_port)})


def test_every_child_is_followed_by_one_with_the_new_code(
    server: Server, reloaded: Settings
) -> None:
    old = server.children
    server.install(version=2, loads=0.3)

    assert reload_process(reloaded, "web", server.process.pid) == 2

    assert len(server.children - old) == 2
    assert server.told("version") == 2


def test_the_old_code_serves_until_the_new_one_is_loaded(server: Server) -> None:
    old = server.children
    server.install(version=2, loads=1.0)
    server.process.send_signal(signal.SIGHUP)

    found: list[int] = []
    while not found or not server.children - old:
        found.append(server.told("version"))  # refused by nobody
    until(lambda: server.told("version") == 2)

    assert set(found) <= {1, 2}
    assert len(found) > 1
    assert server.process.poll() is None


def test_a_second_word_while_the_new_code_loads_ends_nothing(server: Server) -> None:
    server.install(version=2, loads=1.0)

    for _ in range(5):
        server.process.send_signal(signal.SIGHUP)
        time.sleep(0.1)

    until(lambda: server.told("version") == 2)
    assert server.process.poll() is None


@pytest.mark.parametrize("after_seconds", [0.0, 0.01, 0.1, 0.5])
def test_whoever_reloads_hears_that_it_is_to_end(server: Server, after_seconds: float) -> None:
    server.install(version=2, loads=1.0)

    server.process.send_signal(signal.SIGHUP)
    time.sleep(after_seconds)
    server.process.terminate()

    server.process.wait(timeout=30)


def test_a_killed_child_is_followed_by_one_that_loads_nothing(server: Server) -> None:
    old = server.children
    killed = min(old)

    os.kill(killed, signal.SIGKILL)

    until(lambda: killed not in server.children and len(server.children) == 2)
    until(lambda: {server.told("process") for _ in range(20)} == server.children)
    assert server.told("loaded_by") == server.process.pid


def test_code_that_does_not_load_leaves_the_old_one_serving(
    server: Server, reloaded: Settings
) -> None:
    old = server.children
    server.install(version=3, broken=True)

    with pytest.raises(UpkeepError, match="half an upgrade"):
        reload_process(reloaded, "web", server.process.pid)

    assert server.children == old
    assert server.told("version") == 1


def test_a_process_that_is_not_there_is_named(reloaded: Settings) -> None:
    with pytest.raises(UpkeepError, match="no process"):
        reload_process(reloaded, "web", 2**22 + 1)


def test_the_numbers_of_the_killed_go_with_the_next_start_and_those_of_the_living_stay(
    server: Server, reloaded: Settings, tmp_path: Path
) -> None:
    def folders() -> set[Path]:
        return set((tmp_path / "tmp").glob("yunqiao-numbers-*"))

    def start(name: str) -> Server:
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            port = found.getsockname()[1]
        begun = Server(tmp_path / name, port)
        until(begun.serves)
        return begun

    [of_first] = folders()
    reload_process(reloaded, "web", server.process.pid)
    second = start("second")
    try:
        assert len(folders()) == 2
        server.process.kill()
        server.process.wait()
        until(lambda: not server.serves())
        third = start("third")
        assert of_first not in folders()
        assert len(folders()) == 2
        third.process.terminate()
        third.process.wait()
    finally:
        second.process.terminate()
        second.process.wait()
    assert folders() == set()
