"""A new NLU model into the running processes, and back: no message waits for it."""

import http.client
import json
import subprocess
from collections import deque
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote, urlsplit

from bot.settings import Settings
from bot.up.environments import NLU
from bot.up.programs import LOOPBACK, model_folder, nlu_environment
from bot.up.steps import KEPT_LINES, ROOT
from bot.up.terminal import write

CHOICE = "current.json"  # written by nlu/training/choice.py
LOAD_SECONDS = 120
SHORT_SECONDS = 3


class _NotRunningError(Exception):
    """Nobody listens there."""


def train_model(settings: Settings, arguments: Sequence[str] = ()) -> int:
    """
    Train if anything changed, let the gate judge, and bring every process here to the choice.

    *arguments* go to nlu/train.py.  Where a process cannot load the new model, all go back.
    """
    before = chosen_model(settings)
    if _choose(settings, *arguments):
        return 1
    if bring(settings):
        return 0
    if chosen_model(settings) != before:
        write("nlu: going back: one process cannot load the new model")
        roll_back_model(settings)
    return 1


def roll_back_model(settings: Settings) -> int:
    """Choose the model before the present one and bring every process here to it."""
    if _choose(settings, "--rollback"):
        return 1
    return 0 if bring(settings) else 1


def take_model(settings: Settings, name: str) -> int:
    """Choose a model that was judged elsewhere; the processes are not told yet."""
    return _choose(settings, "--choose", name)


def show_models(settings: Settings) -> int:
    """Say which model is chosen and which one each process here answers with."""
    write(f"nlu: chosen {chosen_model(settings) or 'none'}")
    for url in _urls(settings):
        try:
            write(f"nlu: {url} answers with {_serving(url)}")
        except _NotRunningError:
            write(f"nlu: {url} is not running")
    return 0


def chosen_model(settings: Settings) -> str:
    """Return the name of the archive that is to serve; empty where none was chosen."""
    try:
        text = (model_folder(settings) / CHOICE).read_text("utf-8")
        return Path(json.loads(text)["model"]).name
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _choose(settings: Settings, *arguments: str) -> int:
    if not NLU.python.exists():
        write("nlu: its environment is not installed; `make run` does that")
        return 1
    train = [str(NLU.python), str(ROOT / "nlu/train.py"), "--out", str(model_folder(settings))]
    with subprocess.Popen(  # noqa: S603 - the command is ours
        [*train, *arguments], env=nlu_environment(settings),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
    ) as process:  # fmt: skip
        last = _tell(process.stdout or [])
    if process.returncode:
        write("\n".join(last))
    return process.returncode


def _tell(lines: Iterable[str]) -> Iterable[str]:
    """Pass on what is ours, and return the last of what Rasa's libraries have to say."""
    last: deque[str] = deque(maxlen=KEPT_LINES)
    for line in lines:
        if line.startswith("nlu:"):
            write(line.rstrip())
        else:
            last.append(line.rstrip())
    return last


def bring(settings: Settings) -> bool:
    """Switch the processes one after the other until one refuses; say whether none did."""
    name = chosen_model(settings)
    return all(_switch(settings, url, name) for url in _urls(settings))


def _switch(settings: Settings, url: str, name: str) -> bool:
    try:
        if _serving(url) == name:
            write(f"nlu: {url} answers with it already")
            return True
        problem = _load(settings, url, name)
    except _NotRunningError:
        write(f"nlu: {url} is not running; it starts with {name}")
        return True
    write(f"nlu: {url} {f'stays with its model: {problem}' if problem else f'now has {name}'}")
    return not problem


def _serving(url: str) -> str:
    """Return the model that a thin server answers with; empty for `rasa run`, which hides it."""
    status, body = _ask(url, "GET", "/healthy", seconds=SHORT_SECONDS)
    try:
        return str(json.loads(body)["model"]) if status == HTTPStatus.OK else ""
    except (ValueError, KeyError, TypeError):
        return ""


def _load(settings: Settings, url: str, name: str) -> str:
    """Have the process load the model beside its own and switch; return its complaint."""
    path = f"/model?token={quote(settings.nlu.token.get_secret_value(), safe='')}"
    body = json.dumps({"model_file": str(model_folder(settings).absolute() / name)})
    status, answer = _ask(url, "PUT", path, body, seconds=LOAD_SECONDS)
    if status == HTTPStatus.NO_CONTENT:
        return ""
    try:
        return f"{status}: {json.loads(answer)['message']}"
    except (ValueError, KeyError, TypeError):
        return f"{status}"


def _ask(
    url: str, method: str, path: str, body: str | None = None, *, seconds: float
) -> tuple[int, bytes]:
    address = urlsplit(url)
    connection = http.client.HTTPConnection(
        address.hostname or "", address.port or 80, timeout=seconds
    )
    try:
        connection.request(method, path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read()
    except ConnectionRefusedError:
        raise _NotRunningError from None
    except (OSError, http.client.HTTPException) as error:
        return 0, json.dumps({"message": type(error).__name__}).encode()
    finally:
        connection.close()


def _urls(settings: Settings) -> list[str]:
    return [url for url in settings.nlu.urls if urlsplit(url).hostname in LOOPBACK]
