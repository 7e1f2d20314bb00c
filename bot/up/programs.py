"""What runs: the processes of one machine, their commands, ports and health."""

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from bot.places import processes_for, threads_for
from bot.settings import PREFIX, Settings
from bot.up import health
from bot.up.child import Program
from bot.up.environments import NLU
from bot.up.ports import Port
from bot.up.steps import ROOT

SIMULATOR_THREADS = 32  # each open phone page holds one while it waits for messages
GRACE_SECONDS = 10
SUCCESSION = Path(__file__).with_name("succession.py")
WORKER_NICE = "10"
SQLITE_WORKER_NICE = "5"
"""
Whoever writes into SQLite keeps everybody else from writing, and holds on as long as it waits
for a processor: at 10, beside two busy processes, web waited 500 ms for the way (p95), at 5 220.
"""
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
# `rasa run` takes its token as an argument only, which every user of the machine
# could read in the list of processes; set from inside it stays out of that list.
# Of a folder it would serve the newest model, which need not be the one chosen.
RASA = """
import os, sys
from pathlib import Path
from nlu.training.choice import chosen
from rasa.__main__ import main
place = sys.argv.index("--model") + 1
sys.argv[place] = str(chosen(Path(sys.argv[place])) or sys.argv[place])
sys.argv += ["--auth-token", os.environ["YUNQIAO_NLU__TOKEN"]]
main()
"""


def programs(settings: Settings, trained: Callable[[], bool] = lambda: True) -> list[Program]:
    """
    Return what to start, in order; stopping goes the other way, the public side first.

    The NLU waits for its model: *trained* says when.
    """
    found = [replace(program, may_start=trained) for program in _nlus(settings)]
    found.append(_worker(settings))
    if settings.simulator.enabled:
        found.append(_simulator(settings))
    return [*found, _console(settings), _web(settings)]


def others() -> list[Program]:
    """Return what runs on its own only where somebody wants it: `python -m bot run chores`."""
    return [Program("chores", (sys.executable, "-m", "bot", "chores", "run"), _environment())]


def ports(settings: Settings) -> list[Port]:
    """Return every port that `programs` will listen on."""
    found = [
        Port("web", settings.web.host, settings.web.port, "YUNQIAO_WEB__PORT={port}"),
        Port("console", settings.console.host, settings.console.port,
             "YUNQIAO_CONSOLE__PORT={port}"),
    ]  # fmt: skip
    if settings.worker.port:
        worker = settings.worker
        found.append(Port("worker", worker.host, worker.port, "YUNQIAO_WORKER__PORT={port}"))
    if settings.simulator.enabled:
        phone = settings.simulator
        found.append(Port("simulator", phone.host, phone.port, "YUNQIAO_SIMULATOR__PORT={port}"))
    for number, (host, port) in enumerate(_nlu_addresses(settings)):
        found.append(Port(_nlu_name(number), host, port, _nlu_setting(settings, host, port)))
    return found


def serves_nlu(settings: Settings) -> bool:
    """Say whether the NLU is to run, can run and is asked on this machine."""
    return bool(_nlu_addresses(settings))


def model_folder(settings: Settings) -> Path:
    """Return where the trained NLU model lies."""
    return settings.service.data_dir / "models" / "nlu"


def nlu_environment(settings: Settings) -> dict[str, str]:
    """Return what the NLU process may know of us: its token and nothing else."""
    # A model is unpacked into the temporary folder and read from there: it must be nobody else's.
    private = settings.service.data_dir / "tmp" / "nlu"
    private.mkdir(parents=True, exist_ok=True, mode=0o700)
    return {
        **{name: value for name, value in _environment().items() if not name.startswith(PREFIX)},
        f"{PREFIX}NLU__TOKEN": settings.nlu.token.get_secret_value(),
        "TMPDIR": str(private),
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "LOG_LEVEL": "WARNING",
        "PYTHONWARNINGS": "ignore",
    }


def _nlus(settings: Settings) -> list[Program]:
    """Return a process for each of `nlu.urls` that is on this machine."""
    return [
        _nlu(settings, _nlu_name(number), host, port)
        for number, (host, port) in enumerate(_nlu_addresses(settings))
    ]


def _nlu(settings: Settings, name: str, host: str, port: int) -> Program:
    model = str(model_folder(settings))
    python = str(NLU.python)
    where = ("--model", model, "--port", str(port))
    if settings.nlu.server == "thin":
        argv: tuple[str, ...] = (python, str(ROOT / "nlu/serve.py"), *where)
        path = "/healthy"
    else:
        argv = (python, "-c", RASA, "run", "--enable-api", *where, "--interface", host)
        path = "/"
    address = health.url(host, port, path)
    return Program(name, argv, nlu_environment(settings), address, optional=True)


def _nlu_name(number: int) -> str:
    return f"nlu-{number + 1}" if number else "nlu"


def _nlu_addresses(settings: Settings) -> list[tuple[str, int]]:
    if not settings.nlu.serve or not NLU.python.exists():
        return []
    addresses = [urlsplit(url) for url in settings.nlu.urls]
    return [
        (address.hostname, address.port or 80)
        for address in addresses
        if address.hostname in LOOPBACK
    ]


def _nlu_setting(settings: Settings, host: str, port: int) -> str:
    """Return the setting of all addresses with the port of this one left open."""
    with_gap = [
        url.replace(f":{port}", ":{port}") if urlsplit(url).hostname == host else url
        for url in settings.nlu.urls
    ]
    return f"YUNQIAO_NLU__URLS={','.join(with_gap)}"


def _web(settings: Settings) -> Program:
    web = settings.web
    argv = _gunicorn(
        "web",
        web.host,
        web.port,
        workers=processes_for(web.workers),
        threads=threads_for(web.threads),
    )
    return Program("web", argv, _environment(), health.url(web.host, web.port, "/healthy"))


def _worker(settings: Settings) -> Program:
    worker = settings.worker
    address = health.url(worker.host, worker.port, "/healthy") if worker.port else ""
    # What is acknowledged can wait for a processor better than a call that is not yet.
    nice = shutil.which("nice")
    much = SQLITE_WORKER_NICE if settings.database_url.startswith("sqlite") else WORKER_NICE
    polite = (nice, "-n", much) if nice else ()
    argv = (*polite, sys.executable, "-m", "bot", "worker")
    return Program("worker", argv, _environment(), address)


def _console(settings: Settings) -> Program:
    console = settings.console
    argv = _gunicorn("console", console.host, console.port, threads=console.threads)
    address = health.url(console.host, console.port, "/healthy")
    return Program("console", argv, _environment(), address)


def _simulator(settings: Settings) -> Program:
    phone = settings.simulator
    argv = _gunicorn("simulator", phone.host, phone.port, threads=SIMULATOR_THREADS)
    return Program("simulator", argv, _environment(), health.url(phone.host, phone.port, "/"))


def _gunicorn(
    name: str, host: str, port: int, *, threads: int, workers: int = 1
) -> tuple[str, ...]:
    return (
        sys.executable, "-m", "gunicorn", f"handlers.{name}.app:create_app()",
        "--bind", f"{f'[{host}]' if ':' in host else host}:{port}",
        "--worker-class", "gthread", "--workers", str(workers), "--threads", str(threads),
        "--config", str(SUCCESSION),
        "--graceful-timeout", str(GRACE_SECONDS), "--log-level", "warning", "--no-control-socket",
    )  # fmt: skip


def _environment() -> Mapping[str, str]:
    # Many threads, of which one runs: an arena of memory for each is only kept, not needed.
    return {"MALLOC_ARENA_MAX": "2", **os.environ, "PYTHONUNBUFFERED": "1"}
