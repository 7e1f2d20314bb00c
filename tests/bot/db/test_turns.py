"""Writers of one SQLite file, in several processes: each gets its turn."""

import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

import pytest
from sqlalchemy import event, text

from bot.db.engine import engine_at, reading, transaction
from bot.db.turns import Turn

WRITES = 100
MOST_IN_A_ROW = 50
WAITING = 20
BUSY = textwrap.dedent("""
    import sys, threading, time
    from sqlalchemy import text
    from bot.db.engine import engine_at, transaction

    def write(engine):
        while True:
            with transaction(engine) as session:
                session.execute(text("INSERT INTO written (who) VALUES ('busy')"))
                time.sleep(0.005)

    with engine_at(sys.argv[1]) as engine:
        threads = [threading.Thread(target=write, args=[engine], daemon=True) for _ in range(4)]
        for thread in threads:
            thread.start()
        print("on", flush=True)
        sys.stdin.read()
""")


@contextmanager
def running(script: str, argument: str) -> Iterator[None]:
    """Run a script in another process, from when it says that it is on; killed at the end."""
    command = [sys.executable, "-c", script, argument]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline()
        try:
            yield
        finally:
            other.kill()


def test_a_process_gets_its_turn_beside_one_that_always_wants_to_write(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'turns.sqlite3'}"
    with engine_at(url) as engine:
        with transaction(engine) as session:
            session.execute(text("CREATE TABLE written (id INTEGER PRIMARY KEY, who TEXT)"))
        with running(BUSY, url):
            for _ in range(WRITES):
                with transaction(engine) as session:
                    session.execute(text("INSERT INTO written (who) VALUES ('seldom')"))
        with reading(engine) as session:
            who = session.scalars(text("SELECT who FROM written ORDER BY id")).all()

    first, last = who.index("seldom"), len(who) - who[::-1].index("seldom")
    runs = [len(list(those)) for name, those in groupby(who[first:last]) if name == "busy"]
    # One would do, were this process never held up between two of its own.
    assert max(runs, default=0) <= MOST_IN_A_ROW


def test_a_process_that_dies_gives_its_turn_back(tmp_path: Path) -> None:
    path = str(tmp_path / "turns.sqlite3")
    script = (
        "import sys; from bot.db.turns import Turn; turn = Turn(sys.argv[1]);"
        "turn.take(); print('on', flush=True); sys.stdin.read()"
    )
    with running(script, path):
        pass

    turn = Turn(path)
    assert turn.take()
    turn.give()


def test_where_there_is_no_file_threads_queue_all_the_same(tmp_path: Path) -> None:
    for database in (None, ":memory:", str(tmp_path / "missing" / "turns.sqlite3")):
        turn = Turn(database)
        for _ in range(2):
            assert turn.take()
            turn.give()


def test_a_lock_that_fails_leaves_it_to_sqlite_and_holds_nobody_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn = Turn(str(tmp_path / "turns.sqlite3"))

    def fails(*_: object) -> None:
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr("bot.db.turns.fcntl.flock", fails)
        assert not turn.take()

    assert turn.take()
    turn.give()


def test_who_waits_for_the_turn_keeps_no_connection(tmp_path: Path) -> None:
    opened: list[object] = []
    begun = threading.Barrier(WAITING + 1)

    def write() -> None:
        begun.wait(30)
        with transaction(engine) as session:
            session.execute(text("INSERT INTO written VALUES (1)"))

    # Who waits for the disk has a connection still, and here nobody does.
    url = f"sqlite:///{tmp_path / 'turns.sqlite3'}"
    with engine_at(url, durable=False) as engine:
        with transaction(engine) as session:
            session.execute(text("CREATE TABLE written (id INTEGER)"))
        event.listen(engine, "connect", lambda *_: opened.append(1))
        threads = [threading.Thread(target=write) for _ in range(WAITING)]
        with transaction(engine) as session:
            session.execute(text("INSERT INTO written VALUES (0)"))
            for thread in threads:
                thread.start()
            begun.wait(30)
            time.sleep(0.2)
        for thread in threads:
            thread.join(30)
        with reading(engine) as session:
            assert session.scalar(text("SELECT count(*) FROM written")) == WAITING + 1

    assert len(opened) < WAITING // 2
