"""Clients of the NLU that hang up when their test ends."""

import threading
from collections.abc import Iterator
from typing import Protocol

import pytest
from pydantic import SecretStr

from bot.settings import Nlu
from bot.understanding.client import RasaNlu

TOKEN = "s3cret&token"


@pytest.fixture
def over() -> Iterator[threading.Event]:
    """Set when the test ends, so that a slow server stops."""
    event = threading.Event()
    yield event
    event.set()


class Clients(Protocol):
    def __call__(self, *urls: str, deadline_ms: int = 2000) -> RasaNlu: ...


@pytest.fixture
def a_client() -> Iterator[Clients]:
    """Makes clients that hang up when the test ends."""
    made = []

    def make(*urls: str, deadline_ms: int = 2000) -> RasaNlu:
        made.append(RasaNlu(Nlu(urls=urls, token=SecretStr(TOKEN), deadline_ms=deadline_ms)))
        return made[-1]

    yield make
    for client in made:
        client.close()
