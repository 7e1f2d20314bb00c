"""Residents who write at the same time, each one message after another."""

import itertools
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import yaml

from tests.chaos.platform import Platform, Pushed

ROOT = Path(__file__).parents[2]
KINDS = ("policy_question", "help_request", "dispute", "greeting", "crisis", "out_of_scope")
FIRST_ID = 10_000_000_000_000_000
EACH_WRITES = 10
LONGEST_PAUSE = 1.0
"""Seconds in which a resident thinks before the next message."""


def texts(seed: int) -> Iterator[str]:
    """Yield messages people might write, in a mixed order, for ever."""
    found: list[str] = []
    for name in KINDS:
        content = yaml.safe_load((ROOT / "nlu" / "data" / f"{name}.yml").read_text("utf-8"))
        found += [example["text"].strip() for example in content["nlu"][0]["examples"]]
    found = [text for text in found if text]
    random.Random(seed).shuffle(found)
    return itertools.cycle(found)


def write_all(
    platform: Platform,
    *,
    messages: int,
    at_once: int,
    seed: int,
    progress: Callable[[int], None],
    first: int = 0,
) -> list[Pushed]:
    """
    Let residents write *messages* in all, *at_once* of them at a time.

    They and their messages are numbered from *first* on.
    """
    words = texts(seed)
    counter = itertools.count(first + 1)
    done: list[Pushed] = []
    lock = threading.Lock()
    stories: list[Sequence[str]] = [
        [next(words) for _ in range(min(EACH_WRITES, messages - begin))]
        for begin in range(0, messages, EACH_WRITES)
    ]

    def live(number: int) -> None:
        chance = random.Random(f"{seed}:{number}")
        for said in stories[number]:
            time.sleep(chance.uniform(0, LONGEST_PAUSE))
            # The id is drawn when the message is sent, so that its order is the resident's.
            pushed = platform.push(
                f"o-chaos-{first + number:06d}", said, str(FIRST_ID + next(counter))
            )
            with lock:
                done.append(pushed)
                progress(len(done))

    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(live, range(len(stories))))
    return done
