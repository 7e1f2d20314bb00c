"""An NLU for one command: the running one, or one of the command's own that ends with it."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bot import clock
from bot.errors import NluUnavailableError
from bot.settings import Nlu, Settings
from bot.understanding.client import RasaNlu
from bot.up import health
from bot.up.environments import NLU
from bot.up.programs import model_folder, nlu_environment
from bot.up.steps import ROOT

START_SECONDS = 60.0
LOOPBACK = "127.0.0.1"


@contextmanager
def running_nlu(settings: Settings) -> Iterator[Nlu]:
    """Yield the settings of an NLU that answers; without its environment, of none that does."""
    if any(health.answers(f"{url.rstrip('/')}/") for url in settings.nlu.urls) and _ours(settings):
        yield settings.nlu
        return
    if not settings.nlu.serve or not NLU.python.exists():
        _tell("the NLU is not installed: the stand-in reads the messages")
        yield settings.nlu
        return
    port = _free_port()
    process = _start(settings, port)
    try:
        _wait(process, port)
        yield settings.nlu.model_copy(update={"urls": (f"http://{LOOPBACK}:{port}",)})
    finally:
        process.terminate()
        process.wait()


def _ours(settings: Settings) -> bool:
    """Say whether what answers there takes our token: another installation's does not."""
    client = RasaNlu(settings.nlu)
    try:
        client.understand("您好", now=clock.now())
    except NluUnavailableError:
        return False
    finally:
        client.close()
    return True


def _start(settings: Settings, port: int) -> subprocess.Popen[bytes]:
    environment = nlu_environment(settings)
    model = str(model_folder(settings))
    python = str(NLU.python)
    _tell("starting the NLU for this command")
    subprocess.run(  # noqa: S603 - the commands are ours
        [python, str(ROOT / "nlu/train.py"), "--out", model],
        env=environment, stdout=sys.stderr, check=False,
    )  # fmt: skip
    serve = [python, str(ROOT / "nlu/serve.py"), "--model", model, "--port", str(port)]
    return subprocess.Popen(serve, env=environment, stdout=sys.stderr)  # noqa: S603


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        if health.answers(f"http://{LOOPBACK}:{port}/healthy"):
            return
        time.sleep(0.1)
    _tell("the NLU did not start: the stand-in reads the messages")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        number: int = listener.getsockname()[1]
    return number


def _tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")
