"""The worker's part in chores: handing out what is due, doing what the queue brings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

import structlog

from bot import metrics
from bot.chores import ledger
from bot.chores.ledger import Begun
from bot.chores.queue import TASK, make_queue
from bot.db.engine import reading, transaction
from bot.line import Line

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Kind:
    """How chores of a kind are done; doing one twice, or half and then again, is harmless."""

    do: Callable[[Line, str], None]
    give_up: Callable[[Line, str], None] | None = None
    """Notes elsewhere that it was tried for the last time."""


@dataclass
class Chores:
    """What a process that does chores has: their kinds, the queue, what it is at."""

    line: Line
    kinds: Mapping[str, Kind]
    queue: Any
    """A Huey, which has no types."""
    begun: dict[int, Begun] = field(default_factory=dict)
    put: Callable[[int], object] = field(init=False)
    """Puts a number into the queue."""


class Means(Protocol):
    """What the worker works with, as far as chores are concerned."""

    @property
    def chores(self) -> Chores | None:
        """None: this process does none."""


def make_chores(line: Line, kinds: Mapping[str, Kind]) -> Chores:
    """Return the means to do chores of these kinds."""
    chores = Chores(line, kinds, make_queue(line.tools.settings))
    chores.put = chores.queue.task(name=TASK)(partial(look, chores))
    return chores


def hand_out(worker: Means) -> bool:
    """Put the numbers of chores that are due into the queue; False when none is."""
    if worker.chores is None:
        return False
    line = worker.chores.line
    with reading(line.engine) as session:
        if not ledger.waiting(session, now=line.now()):
            return False
    with transaction(line.engine) as session:
        numbers = ledger.hand_out(session, now=line.now())
    for number in numbers:
        # Where the queue is away this raises; a minute later they are handed out again.
        worker.chores.put(number)
    return bool(numbers)


def do_next(worker: Means) -> bool:
    """Do the chore whose number comes next; False when none comes."""
    if worker.chores is None:
        return False
    task = worker.chores.queue.dequeue()
    if task is None:
        return False
    worker.chores.queue.execute(task)
    return True


def renew(worker: Means) -> bool:
    """Keep what this process is at; always False, so that it is done once per pause."""
    if worker.chores and worker.chores.begun:
        line = worker.chores.line
        with transaction(line.engine) as session:
            ledger.renew(session, list(worker.chores.begun.values()), now=line.now())
    return False


def look(chores: Chores, number: int) -> None:
    """Do the chore of that number unless somebody else does or did."""
    line = chores.line
    with transaction(line.engine) as session:
        chore = ledger.take(session, number, kinds=chores.kinds, now=line.now())
    if chore is None:
        return
    kind = chores.kinds[chore.kind]
    chores.begun[chore.id] = chore
    try:
        kind.do(line, chore.subject)
    except Exception as error:  # noqa: BLE001 (whatever it was, it is noted and tried again)
        _failed(line, kind, chore, type(error).__name__)
        return
    finally:
        del chores.begun[chore.id]
    with transaction(line.engine) as session:
        ours = ledger.finish(session, chore, now=line.now())
    _note(chore, "done" if ours else "taken")


def _failed(line: Line, kind: Kind, chore: Begun, error: str) -> None:
    with transaction(line.engine) as session:
        last = ledger.fail(session, chore, error, now=line.now())
    if last and kind.give_up:
        kind.give_up(line, chore.subject)
    log.warning("chore_failed", kind=chore.kind, error=error, last=last)
    _note(chore, "failed" if last else "again")


def _note(chore: Begun, outcome: str) -> None:
    metrics.CHORES.labels(kind=chore.kind, outcome=outcome).inc()
    log.info("chore", id=chore.id, kind=chore.kind, tries=chore.tries, outcome=outcome)
