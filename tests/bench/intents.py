"""How well and how fast a server reads intents."""

import json
import statistics
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.evaluation.shares import calibration_error, macro_f1, share
from tests.bench.heldout import LONG, Message
from tests.bench.load import CLIENTS, Load, put
from tests.bench.models import Trained
from tests.bench.served import Server

WARM_UP = 20
STARTS = 3
Serve = Callable[[Path], AbstractContextManager[Server]]


@dataclass(frozen=True, slots=True)
class Quality:
    """How right the intents are; shares of 1."""

    messages: int
    accuracy: float
    macro_f1: float
    long_messages: int
    long_accuracy: float
    long_macro_f1: float
    calibration_error: float
    with_vector: float
    """Messages of which a sentence vector was made."""


def measure(
    trained: Trained, serve: Serve, messages: Sequence[Message], *, starts: int = STARTS
) -> dict[str, Any]:
    """Start the server, send it every message from 1, 8 and 32 clients, and return the figures."""
    cold = []
    for _ in range(starts - 1):
        with serve(trained.archive) as server:
            cold.append(server.cold_seconds)
    texts = [message.text for message in messages]
    loads: list[Load] = []
    read: list[Quality] = []
    with serve(trained.archive) as server:
        cold.append(server.cold_seconds)
        put(server, texts[:WARM_UP], clients=1)
        for clients in CLIENTS:
            print(f"  {clients} clients", file=sys.stderr)  # noqa: T201
            load, bodies = put(server, texts, clients=clients)
            loads.append(load)
            read.append(quality(messages, [json.loads(body) for body in bodies]))
        memory = server.memory_mb
    return {
        "quality": asdict(read[0]),
        # A server in a hurry may read less well.
        "loads": {
            str(load.clients): {**asdict(load), "accuracy": one.accuracy}
            for load, one in zip(loads, read, strict=True)
        },
        "memory_mb": round(memory),
        "cold_seconds": round(statistics.median(cold), 1),
        "model_mb": round(trained.archive.stat().st_size / 1e6, 1),
        "training": asdict(trained.training),
        "losses": trained.losses,
    }


def quality(messages: Sequence[Message], answers: Sequence[dict[str, Any]]) -> Quality:
    """Judge *answers*, one for each of *messages*."""
    named = [answer["intent"] for answer in answers]
    pairs = [(m.intent, str(got["name"])) for m, got in zip(messages, named, strict=True)]
    at_length = [
        pair
        for pair, message in zip(pairs, messages, strict=True)
        if len(message.text.strip()) > LONG
    ]
    sure = [
        (float(got["confidence"]), wanted == answered)
        for (wanted, answered), got in zip(pairs, named, strict=True)
    ]
    return Quality(
        messages=len(pairs),
        accuracy=_accuracy(pairs),
        macro_f1=macro_f1(pairs) or 0.0,
        long_messages=len(at_length),
        long_accuracy=_accuracy(at_length),
        long_macro_f1=macro_f1(at_length) or 0.0,
        calibration_error=calibration_error(sure) or 0.0,
        with_vector=share("vector" in answer for answer in answers).rate or 0.0,
    )


def _accuracy(pairs: Sequence[tuple[str, str]]) -> float:
    return share(wanted == got for wanted, got in pairs).rate or 0.0
