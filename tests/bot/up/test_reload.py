"""New code comes into a process that serves, and code that does not load changes nothing."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from bot.errors import UpkeepError
from bot.sections import Web
from bot.settings import Settings
from bot.up import reload
from bot.up.reload import reload_process
from tests.e2e.running import until

APP = """
import json, os, time
def create_app():
    if {broken}:
        raise RuntimeError("half an upgrade")
    time.sleep({loads})
    def app(environ, start):
        start("200 OK", [("Content-Type", "application/json")])
        return [json.dumps({{"process": os.getpid(), "version": {version}}}).encode()]
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
             f"127.0.0.1:{port}", "--workers", "2", "--no-control-socket"],
            cwd=folder, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def install(self, version: int, *, broken: bool = False, loads: float = 0.0) -> None:
        self.module.write_text(APP.format(version=version, broken=broken, loads=loads))

    def version(self) -> int:
        return int(requests.get(self.address, timeout=5).json()["version"])

    def serves(self) -> bool:
        try:
            return bool(self.version())
        except OSError:
            return False


@pytest.fixture
def server(tmp_path: Path, free_port: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(reload, "ROOT", tmp_path)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    made = Server(tmp_path, free_port)
    until(lambda: made.serves() and len(reload._children(made.process.pid)) == 2)
    yield made
    made.process.terminate()
    made.process.wait()


@pytest.fixture
def reloaded(settings: Settings, free_port: int) -> Settings:
    return settings.model_copy(update={"web": Web(port=free_port)})


def test_every_child_is_followed_by_one_with_the_new_code(
    server: Server, reloaded: Settings
) -> None:
    old = reload._children(server.process.pid)
    server.install(version=2, loads=0.3)

    assert reload_process(reloaded, "web", server.process.pid) == 2

    until(lambda: not reload._children(server.process.pid) & old)
    assert len(reload._children(server.process.pid)) == 2
    assert server.version() == 2


def test_code_that_does_not_load_leaves_the_old_one_serving(
    server: Server, reloaded: Settings
) -> None:
    old = reload._children(server.process.pid)
    server.install(version=3, broken=True)

    with pytest.raises(UpkeepError, match="half an upgrade"):
        reload_process(reloaded, "web", server.process.pid)

    assert reload._children(server.process.pid) == old
    assert server.version() == 1


def test_a_process_that_is_not_there_is_named(reloaded: Settings) -> None:
    with pytest.raises(UpkeepError, match="no process"):
        reload_process(reloaded, "web", 2**22 + 1)
