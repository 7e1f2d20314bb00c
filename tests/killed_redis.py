"""A Redis of a test's own, to be killed and started again."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
import redis

from tests.chaos.services import RedisServer

SOON = 60


@pytest.fixture
def server() -> Iterator[RedisServer]:
    """A Redis that the test may kill."""
    server = RedisServer.create()
    until(lambda: answers(server))
    yield server
    server.kill()


def answers(server: RedisServer) -> bool:
    """Say whether it is up."""
    try:
        with redis.Redis.from_url(server.url) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def until(holds: Callable[[], bool]) -> bool:
    """Wait until that holds, and say whether it came to hold soon."""
    end = time.monotonic() + SOON
    while time.monotonic() < end:
        if holds():
            return True
        threading.Event().wait(0.03)
    return holds()
