"""What the crowd is answered by besides: Rasa's own service, and a framework that only echoes."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from bot.knowledge.load import read_cards
from handlers.simulator.crypto import Envelope
from tests.bench.comparison import CARDS
from tests.bench.crowd import CLIENTS, SECONDS, Measured
from tests.bench.models import KEPT, trained
from tests.bench.phone import SECONDS as PATIENCE
from tests.bench.phone import Ask, Phone, crowd, texts
from tests.bench.recipes import NLU, ROOT, intent_examples, stock_service
from tests.bench.served import LOOPBACK, Server, cpu_seconds, free_port, rasa

WEROBOT = "werobot==1.13.1"
BESIDE = ("cryptography", "gunicorn", "setuptools<81")
"""What WeRoBot needs for safe mode and for being served as ours is."""
KEYS = Envelope("bench-token", "k" * 43, "wx0123456789abcdef")


def measure_rasa(seconds: float = SECONDS) -> tuple[list[Measured], float]:
    """Ask `rasa run` over its REST channel, which answers questions by rule; return MB too."""
    recipe = stock_service(read_cards(CARDS), intent_examples(NLU / "data"))
    with tempfile.TemporaryDirectory() as folder:
        channels = Path(folder, "credentials.yml")
        channels.write_text("rest:\n", "utf-8")
        with rasa(trained(recipe).archive, channels) as server:
            found = [
                _measured(server, [_rest(server.port) for _ in range(clients)], place, seconds)
                for place, clients in enumerate(CLIENTS)
            ]
            return found, server.memory_mb


def measure_werobot(seconds: float = SECONDS) -> tuple[list[Measured], float]:
    """
    Push to WeRoBot's echo in safe mode; return MB too.

    Raises:
        OSError, subprocess.CalledProcessError: it cannot be installed here.
    """
    with _echo() as server:
        found = []
        for place, clients in enumerate(CLIENTS):
            asks = [Phone(server.port, KEYS, path="/").push for _ in range(clients)]
            found.append(_measured(server, asks, place, seconds))
        return found, server.memory_mb


def as_text(name: str, found: Sequence[Measured], memory: float) -> str:
    """Return the figures as a table."""
    lines = [f"\n{name}"]
    for one in found:
        load = one.load
        times = f"p50 {load.p50_ms:.0f}  p95 {load.p95_ms:.0f}  p99 {load.p99_ms:.0f} ms"
        cpu = f"processor ms a message {one.cpu_ms['server']:.1f}; load average {one.busy:.1f}"
        missed = f"missed {load.missed} of {load.missed + load.answered}"
        lines.append(
            f"{load.clients:>3} connections  {load.per_second:>6.1f} messages/s  {times}  {missed}"
        )
        lines.append(f"     {cpu}")
    return "\n".join([*lines, f"memory {memory:.0f} MB"])


def _measured(server: Server, asks: Sequence[Ask], place: int, seconds: float) -> Measured:
    before = cpu_seconds(server.pid)
    load = crowd(asks, texts(place + 1), seconds=seconds, first=place * 10**6)
    spent = cpu_seconds(server.pid) - before
    cpu = {"server": spent * 1000 / max(load.answered, 1)}
    return Measured(load, 0.0, cpu, os.getloadavg()[0])


def _rest(port: int) -> Ask:
    connection = HTTPConnection(LOOPBACK, port, timeout=PATIENCE * 12)

    def ask(number: int, said: str) -> bool:
        body = json.dumps({"sender": f"o-{number}", "message": said}, ensure_ascii=False).encode()
        head = {"Content-Type": "application/json"}
        try:
            connection.request("POST", "/webhooks/rest/webhook", body, head)
            answer = connection.getresponse()
            return answer.read() != b"[]" and answer.status == 200
        except (OSError, HTTPException):
            connection.close()
            return False

    return ask


@contextmanager
def _echo() -> Iterator[Server]:
    python, port = _installed(), free_port()
    command = [str(python), "-m", "gunicorn", "echo:app", "--bind", f"{LOOPBACK}:{port}"]
    told = {"ECHO_TOKEN": KEYS.token, "ECHO_AES_KEY": KEYS.aes_key, "ECHO_APP_ID": KEYS.app_id}
    started = time.perf_counter()
    process = subprocess.Popen(
        [*command, "--worker-class", "gthread", "--threads", "32"],
        cwd=ROOT / "tests" / "bench",
        env={**os.environ, **told},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not Phone(port, KEYS, path="/").push(0, "在吗"):
            if process.poll() is not None or time.perf_counter() - started > 60:
                msg = "WeRoBot does not answer"
                raise OSError(msg)
            time.sleep(0.1)
        yield Server(port, "", process.pid, time.perf_counter() - started)
    finally:
        process.terminate()
        process.wait(timeout=60)


def _installed() -> Path:
    """Return the interpreter with WeRoBot, in an environment of its own beside the models."""
    folder = KEPT / "werobot"
    python = folder / "bin" / "python"
    if not (folder / "installed").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", WEROBOT, *BESIDE]
        subprocess.run(pip, check=True, timeout=300)
        (folder / "installed").touch()
    return python
