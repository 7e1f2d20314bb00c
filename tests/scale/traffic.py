"""Residents who write all the time, and what they met in which part of the run."""

import itertools
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.evaluation.shares import percentiles
from tests.chaos.crowd import FIRST_ID, texts
from tests.chaos.platform import Platform, Pushed

PAUSE_SECONDS = (0.2, 1.2)
EACH_WRITES = 6


@dataclass
class Traffic:
    """What was pushed, by the part of the run in which it began."""

    part: str = "calm"
    pushed: list[tuple[str, Pushed]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def all(self) -> list[Pushed]:
        """Return every push."""
        return [one for _, one in self.pushed]

    def line(self, part: str) -> str:
        """Return how the pushes of a part went."""
        found = [one for name, one in self.pushed if name == part]
        taken = [one for one in found if one.acknowledged]
        again = sum(one.tries > 1 for one in taken)
        at = percentiles([float(one.ms) for one in taken])
        times = f"p50 {at.p50 or 0:>5.0f}  p99 {at.p99 or 0:>5.0f} ms"
        lost = len(found) - len(taken)
        return f"{part:<12} {len(found):>5} pushed {again:>3} tried again {lost:>2} lost  {times}"


@contextmanager
def writing(platform: Platform, *, at_once: int, seed: int) -> Iterator[Traffic]:
    """Let so many residents write at a time until the block is left."""
    traffic, stop = Traffic(), threading.Event()
    words, ids, people = texts(seed), itertools.count(FIRST_ID), itertools.count()

    def live(chance: random.Random) -> None:
        while not stop.is_set():
            with traffic.lock:
                person = f"o-scale-{next(people):05d}"
            for _ in range(EACH_WRITES):
                if stop.is_set():
                    return
                with traffic.lock:
                    part, said, number = traffic.part, next(words), next(ids)
                one = platform.push(person, said, str(number))
                with traffic.lock:
                    traffic.pushed.append((part, one))
                time.sleep(chance.uniform(*PAUSE_SECONDS))

    threads = [
        threading.Thread(target=live, args=(random.Random(seed + number),))
        for number in range(at_once)
    ]
    for thread in threads:
        thread.start()
    try:
        yield traffic
    finally:
        stop.set()
        for thread in threads:
            thread.join()
