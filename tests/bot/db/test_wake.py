"""Workers hear of work when it is committed, and of nothing else."""

import threading
from collections.abc import Iterator
from queue import Empty, Queue

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.db.engine import make_engine, transaction
from bot.db.wake import Bell, announce, listen

SOON = 60.0


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[Engine]:
    engine = make_engine(postgres_url)
    yield engine
    engine.dispose()


@pytest.fixture
def rung(postgres: Engine) -> Iterator["Queue[str]"]:
    """What a listener hears; its first word says that it listens."""
    heard: Queue[str] = Queue()
    stop = threading.Event()
    listener = threading.Thread(
        target=listen, args=(postgres, lambda: heard.put("rung")), kwargs={"stop": stop}
    )
    listener.start()
    assert heard.get(timeout=SOON)
    yield heard
    stop.set()
    listener.join()


def test_committed_work_wakes_the_worker(postgres: Engine, rung: "Queue[str]") -> None:
    with transaction(postgres) as session:
        announce(session)

    assert rung.get(timeout=SOON) == "rung"


def test_work_that_was_rolled_back_wakes_nobody(postgres: Engine, rung: "Queue[str]") -> None:
    with Session(postgres) as session:
        announce(session)
        session.rollback()

    with transaction(postgres) as session:
        announce(session)
    assert rung.get(timeout=SOON) == "rung"
    with pytest.raises(Empty):
        rung.get_nowait()


def test_sqlite_has_nothing_to_listen_to(engine: Engine) -> None:
    with transaction(engine) as session:
        announce(session)

    listen(engine, lambda: None, stop=threading.Event())


def test_a_bell_wakes_who_waits() -> None:
    bell = Bell()
    waiter = threading.Thread(target=bell.wait, args=(3600,))
    waiter.start()

    while waiter.is_alive():
        bell.ring()
        waiter.join(0.05)
