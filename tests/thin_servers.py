"""Real NLU processes for tests that kill, restart and swap them."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.up import health
from bot.up.environments import NLU
from bot.up.steps import ROOT
from tests.e2e.running import until
from tests.services import MISSING

TOKEN = "s3cret&token"
ENVIRONMENT = {**os.environ, "YUNQIAO_NLU__TOKEN": TOKEN, "PYTHONWARNINGS": "ignore"}


@dataclass
class ThinServer:
    """One process, which may be killed and started again on its port."""

    model: Path
    """Its archive, or the folder in which it is chosen."""
    port: int
    token: str = TOKEN
    process: "subprocess.Popen[bytes] | None" = None
    url: str = field(init=False)

    def __post_init__(self) -> None:
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        where = ("--model", str(self.model), "--port", str(self.port))
        self.process = subprocess.Popen(
            [str(NLU.python), str(ROOT / "nlu/serve.py"), *where],
            env={**ENVIRONMENT, "YUNQIAO_NLU__TOKEN": self.token},
            stdout=subprocess.DEVNULL,
        )

    def wait(self) -> None:
        until(lambda: health.answers(f"{self.url}/healthy"))

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()


def a_model() -> Path:
    """Return the model of this checkout; it is trained if anything changed."""
    if not NLU.python.exists():
        pytest.skip(MISSING + "the NLU environment: make test installs it")
    folder = ROOT / "var" / "models" / "nlu"
    train = [str(NLU.python), str(ROOT / "nlu/train.py"), "--only-train", "--out", str(folder)]
    subprocess.run(train, env=ENVIRONMENT, check=True, capture_output=True)
    return max(folder.glob("nlu-*.tar.gz"), key=lambda path: path.stat().st_mtime_ns)


@contextmanager
def thin_servers(model: Path, *ports: int) -> Iterator[list[ThinServer]]:
    """Run a server on each of the *ports* until the block is left."""
    servers = [ThinServer(model, port) for port in ports]
    try:
        for server in servers:
            server.start()
        for server in servers:
            server.wait()
        yield servers
    finally:
        for server in servers:
            server.kill()
