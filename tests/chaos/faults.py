"""What fails, and when: one fault after another, drawn from a seed."""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.clock import now
from bot.up import health
from tests.chaos import services
from tests.chaos.platform import FAULTS, Platform
from tests.chaos.services import Postgres, RedisServer
from tests.e2e.running import Service

PAUSE_SECONDS = (2.0, 6.0)
DOWN_SECONDS = (0.5, 3.0)
FULL_SECONDS = 6.0
BACK_SECONDS = 60.0
AFTER_MIDNIGHT_SECONDS = 900
STEPS = (95, -95, 240, 0)
KILLED = {
    "web": "handlers.web.app",
    "worker": "-m bot worker",
    "console": "handlers.console.app",
    "nlu": "nlu/serve.py",
}

Strike = Callable[[], bool]
"""Strikes, and says whether there was anything to be struck."""


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
    pace: float = 1.0
    """The pauses between two faults, beside the usual ones."""
    moods: list[str] = field(default_factory=list)
    """Those the API has not had in this round."""
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


def tomorrow(around: Around, zone: ZoneInfo) -> None:
    """Move the clock past midnight: WeChat counts anew what it takes, and every try is due."""
    moment = now().astimezone(zone)
    midnight = datetime.combine(moment.date() + timedelta(days=1), datetime.min.time(), zone)
    left = int((midnight - moment).total_seconds())
    services.move(around.clock, left + AFTER_MIDNIGHT_SECONDS)


def _strike(around: Around, stop: threading.Event) -> None:
    possible = _possible(around)
    turn: list[tuple[str, Strike]] = []
    if around.disk:
        filling = ("the disk fills, and the worker is killed", lambda: _fill(around, around.disk))
        turn = [*possible, filling]
        around.chance.shuffle(turn)
    while not stop.wait(around.chance.uniform(*PAUSE_SECONDS) * around.pace):
        turn = turn or around.chance.sample(possible, len(possible))
        name, strike = turn.pop()
        around.struck[name if strike() else f"{name}, and was down already"] += 1


def _possible(around: Around) -> list[tuple[str, Strike]]:
    found: list[tuple[str, Strike]] = [
        (f"{name} is killed", lambda name=name: _kill(around, name))  # type: ignore[misc]
        for name in KILLED
    ]
    found.append(("one of several web processes is killed", lambda: _kill_one(around)))
    found += [("the API's mood changes", lambda: _mood(around))] * 2
    if around.postgres:
        found.append(("PostgreSQL is killed", lambda: _down(around, around.postgres)))
    if around.redis:
        found.append(("Redis is killed", lambda: _down(around, around.redis)))
    return [*found, ("the clock steps", lambda: _step(around))]


def _kill(around: Around, name: str) -> bool:
    """Kill it; the next fault comes when the public side is back, or there is little to strike."""
    struck = around.service.kill(KILLED[name])
    end = time.monotonic() + BACK_SECONDS
    while name == "web" and time.monotonic() < end:
        if health.answers(f"{around.service.web}/healthy"):
            break
        time.sleep(0.5)
    return struck


def _kill_one(around: Around) -> bool:
    """Kill one of those that serve, and let their first process replace it."""
    pids = around.service.pids(KILLED["web"])
    forked = [pid for pid in pids if _parent(pid) in pids]
    if not forked:
        return False
    os.kill(around.chance.choice(forked), signal.SIGKILL)
    return True


def _parent(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[1])


def _mood(around: Around) -> bool:
    if not around.moods:
        around.moods = around.chance.sample(FAULTS, len(FAULTS))
    around.platform.fault = around.moods.pop()
    return True


def _down(around: Around, what: Postgres | RedisServer | None) -> bool:
    assert what is not None
    struck = what.kill()
    time.sleep(around.chance.uniform(*DOWN_SECONDS))
    what.start()
    return struck


def _step(around: Around) -> bool:
    services.move(around.clock, around.chance.choice(STEPS))
    return True


def _fill(around: Around, disk: Path | None) -> bool:
    assert disk is not None
    filler = services.fill(disk)
    # Where something ends just then, nobody can write down that it did.
    around.service.kill(KILLED["worker"])
    time.sleep(FULL_SECONDS)
    filler.unlink()
    if around.postgres and not around.postgres.is_up():
        around.postgres.start()
    return True


def _mend(around: Around) -> None:
    """Leave everything whole, so that what is late can be done."""
    around.platform.fault = "none"
    services.move(around.clock, 0)
    if around.redis:
        around.redis.start()
    if around.postgres and not around.postgres.is_up():
        around.postgres.start()
