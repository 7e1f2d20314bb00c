"""The whole of it, as an operator starts it; the NLU apart, which takes a minute to train."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import ROOT
from bot.up.health import answers, url

SECONDS = 180.0  # a busy machine is slow; what hangs ends all the same
NAMES = ("WEB", "CONSOLE", "SIMULATOR")


@pytest.fixture
def ports(free_ports: list[int]) -> dict[str, int]:
    return dict(zip(NAMES, free_ports, strict=False))


@pytest.fixture
def printed(tmp_path: Path) -> Path:
    return tmp_path / "printed.txt"


@pytest.fixture
def service(
    tmp_path: Path, ports: dict[str, int], printed: Path
) -> Iterator[subprocess.Popen[bytes]]:
    ours = {f"YUNQIAO_{name}__PORT": str(port) for name, port in ports.items()}
    ours |= {"YUNQIAO_SERVICE__DATA_DIR": str(tmp_path / "var"), "YUNQIAO_NLU__SERVE": "false"}
    with (
        printed.open("wb") as file,
        subprocess.Popen(
            [sys.executable, "-m", "bot", "up"],
            cwd=ROOT,
            env=os.environ | ours,
            stdout=file,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        yield process
        process.kill()


def test_one_command_serves_and_one_signal_ends_it(
    service: subprocess.Popen[bytes], ports: dict[str, int], printed: Path
) -> None:
    wait_for(printed, "ready", service)
    addresses = [url("127.0.0.1", port) for port in ports.values()]
    served = [answers(f"{address}/healthy") for address in addresses[:2]]

    service.send_signal(signal.SIGTERM)
    service.wait(SECONDS)

    assert served == [True, True]
    assert all(address in printed.read_text("utf-8") for address in addresses)
    assert service.returncode == 0
    assert not any(answers(address) for address in addresses)


def wait_for(file: Path, text: str, service: subprocess.Popen[bytes]) -> None:
    """Return once the service has printed *text*."""
    deadline = time.monotonic() + SECONDS
    while text not in file.read_text("utf-8"):
        assert service.poll() is None, file.read_text("utf-8")
        assert time.monotonic() < deadline, file.read_text("utf-8")
        time.sleep(0.1)
