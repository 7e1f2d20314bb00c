"""What fails, and when: one fault after another, drawn from a seed."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos import services
from tests.chaos.platform import FAULTS, Platform
from tests.chaos.services import Postgres, RedisServer
from tests.e2e.running import Service

PAUSE_SECONDS = (2.0, 6.0)
DOWN_SECONDS = (0.5, 3.0)
FULL_SECONDS = 6.0
STEPS = (95, -95, 240, 0)
KILLED = {
    "web": "handlers.web.app",
    "worker": "-m bot worker",
    "console": "handlers.console.app",
    "nlu": "nlu/serve.py",
}


@dataclass
class Around:
    """Everything a fault can strike."""

    service: Service
    platform: Platform
    clock: Path
    postgres: Postgres | None = None
    redis: RedisServer | None = None
    disk: Path | None = None
    chance: random.Random = field(default_factory=random.Random)
    struck: Counter[str] = field(default_factory=Counter)

    @property
    def database_url(self) -> str:
        """Where the data is."""
        if self.postgres:
            return self.postgres.url
        return f"sqlite:///{self.service.folder / 'yunqiao.sqlite3'}"


@contextmanager
def striking(around: Around) -> Iterator[None]:
    """Let one fault after another strike in the background until the block is left."""
    stop = threading.Event()
    thread = threading.Thread(target=_strike, args=(around, stop), name="faults")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        _mend(around)


def _strike(around: Around, stop: threading.Event) -> None:
    possible = _possible(around)
    turn: list[tuple[str, Callable[[], None]]] = []
    if around.disk:
        turn = [*possible, ("the disk fills", lambda: _fill(around, around.disk))]
        around.chance.shuffle(turn)
    while not stop.wait(around.chance.uniform(*PAUSE_SECONDS)):
        turn = turn or around.chance.sample(possible, len(possible))
        name, strike = turn.pop()
        strike()
        around.struck[name] += 1


def _possible(around: Around) -> list[tuple[str, Callable[[], None]]]:
    found: list[tuple[str, Callable[[], None]]] = [
        (f"{name} is killed", lambda what=what: around.service.kill(what))  # type: ignore[misc]
        for name, what in KILLED.items()
    ]
    found.append(("the API's mood changes", lambda: _mood(around)))
    found.append(("the API's mood changes", lambda: _mood(around)))
    if around.postgres:
        found.append(("PostgreSQL is killed", lambda: _down(around, around.postgres)))
    if around.redis:
        found.append(("Redis is killed", lambda: _down(around, around.redis)))
    return [*found, ("the clock steps", lambda: _step(around))]


def _mood(around: Around) -> None:
    around.platform.fault = around.chance.choice(FAULTS)


def _down(around: Around, what: Postgres | RedisServer | None) -> None:
    assert what is not None
    what.kill()
    time.sleep(around.chance.uniform(*DOWN_SECONDS))
    what.start()


def _step(around: Around) -> None:
    services.move(around.clock, around.chance.choice(STEPS))


def _fill(around: Around, disk: Path | None) -> None:
    assert disk is not None
    filler = services.fill(disk)
    time.sleep(FULL_SECONDS)
    filler.unlink()
    if around.postgres and not around.postgres.is_up():
        around.postgres.start()


def _mend(around: Around) -> None:
    """Leave everything whole, so that what is late can be done."""
    around.platform.fault = "none"
    services.move(around.clock, 0)
    if around.redis:
        around.redis.start()
    if around.postgres and not around.postgres.is_up():
        around.postgres.start()
