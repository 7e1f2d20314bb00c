"""Asking a server from several clients at a time, each of which waits for its answer."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from bot.evaluation.shares import percentiles
from tests.bench.served import Caller, Server

CLIENTS = (1, 8, 32)


@dataclass(frozen=True, slots=True)
class Load:
    """What a number of clients got."""

    clients: int
    requests: int
    per_second: float
    p50_ms: float
    p99_ms: float


@dataclass(frozen=True, slots=True)
class Answered:
    """One request: which text, its answer, and the milliseconds it took."""

    at: int
    body: bytes
    ms: float


def put(server: Server, texts: Sequence[str], *, clients: int) -> tuple[Load, list[bytes]]:
    """
    Send each of *texts* once; return the load and the answers in the order of the texts.

    Raises:
        RuntimeError: not every text was answered.
    """
    waiting: SimpleQueue[tuple[int, str]] = SimpleQueue()
    for numbered in enumerate(texts):
        waiting.put(numbered)
    done: list[Answered] = []
    threads = [
        threading.Thread(target=_client, args=(server, waiting, done)) for _ in range(clients)
    ]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    if len(done) < len(texts):
        msg = f"{len(texts) - len(done)} of {len(texts)} requests were not answered"
        raise RuntimeError(msg)
    times = percentiles(one.ms for one in done)
    load = Load(
        clients, len(done), round(len(done) / seconds, 1), times.p50 or 0.0, times.p99 or 0.0
    )
    return load, [one.body for one in sorted(done, key=lambda one: one.at)]


def _client(server: Server, waiting: "SimpleQueue[tuple[int, str]]", done: list[Answered]) -> None:
    caller = Caller(server.port, server.token)
    try:
        while True:
            at, text = waiting.get_nowait()
            began = time.perf_counter()
            body = caller.ask(text)
            done.append(Answered(at, body, (time.perf_counter() - began) * 1000))
    except Empty:
        pass
    finally:
        caller.close()
