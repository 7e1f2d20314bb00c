"""A commit returns when it is on the disk, and holds up nobody while it waits for that."""

import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from bot.db.engine import engine_at, make_engine, on_disk, reading, transaction
from tests.e2e.running import until

WRITERS = 6


@dataclass
class SlowDisk:
    """A disk that takes nothing until it is told to; it fails where it is told to."""

    free: threading.Event = field(default_factory=threading.Event)
    begun: list[int] = field(default_factory=list)
    fails: bool = False

    def bring(self, descriptor: int) -> None:
        self.begun.append(os.fstat(descriptor).st_size)
        assert self.free.wait(30)
        if self.fails:
            raise OSError(5, "Input/output error")


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> Iterator[SlowDisk]:
    with transaction(engine) as session:
        session.execute(text("CREATE TABLE written (who INTEGER)"))
    made = SlowDisk()
    monkeypatch.setattr("os.fdatasync", made.bring)
    yield made
    made.free.set()


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(WRITERS) as made:
        yield made


def write(engine: Engine, who: int = 1) -> None:
    with transaction(engine) as session:
        session.execute(text("INSERT INTO written VALUES (:who)"), {"who": who})


def written(engine: Engine) -> int:
    with reading(engine) as session:
        return int(session.scalar(text("SELECT count(*) FROM written")) or 0)


def test_a_commit_returns_once_its_log_is_on_the_disk(
    engine: Engine, disk: SlowDisk, pool: ThreadPoolExecutor
) -> None:
    done = pool.submit(write, engine)
    until(lambda: disk.begun)

    assert not done.done()
    assert disk.begun[0] > 0

    disk.free.set()
    done.result(30)


def test_others_write_while_one_waits_for_the_disk_and_share_the_next_call(
    engine: Engine, disk: SlowDisk, pool: ThreadPoolExecutor
) -> None:
    done = [pool.submit(write, engine, 0)]
    until(lambda: disk.begun)
    done += [pool.submit(write, engine, who) for who in range(1, WRITERS)]
    until(lambda: written(engine) == WRITERS)
    assert not any(each.done() for each in done)

    disk.free.set()
    for each in done:
        each.result(30)

    assert len(disk.begun) < WRITERS


def test_what_the_disk_did_not_take_counts_as_failed_for_all_who_waited(
    engine: Engine, disk: SlowDisk, pool: ThreadPoolExecutor
) -> None:
    disk.fails = True
    done = [pool.submit(write, engine, who) for who in range(WRITERS)]
    until(lambda: written(engine) == WRITERS)

    disk.free.set()

    assert all(isinstance(each.exception(30), OperationalError) for each in done)


def test_a_disk_that_works_again_is_believed(engine: Engine, disk: SlowDisk) -> None:
    disk.fails = True
    disk.free.set()
    with pytest.raises(OperationalError):
        write(engine)
    disk.fails = False

    write(engine)

    assert written(engine) == 2


def test_reading_waits_for_no_disk_unless_it_is_asked_to(engine: Engine, disk: SlowDisk) -> None:
    disk.free.set()

    written(engine)
    assert disk.begun == []
    on_disk(engine)
    assert len(disk.begun) == 1


def test_a_log_that_sqlite_took_away_is_on_the_disk(engine: Engine, tmp_path: Path) -> None:
    engine.dispose()
    assert not list(tmp_path.glob("*-wal"))

    on_disk(engine)


def test_without_a_log_sqlite_itself_waits_for_the_disk(tmp_path: Path) -> None:
    engine = make_engine("sqlite://")
    with engine.connect() as connection:
        full = connection.exec_driver_sql("PRAGMA synchronous").scalar()

    assert full == 2


def alone(engine: Engine, tmp_path: Path) -> int:
    """Return how many rows the database holds without its log."""
    copy = tmp_path / "alone.sqlite3"
    shutil.copy(str(engine.url.database), copy)
    with closing(sqlite3.connect(copy)) as connection:
        return int(connection.execute("SELECT count(*) FROM written").fetchone()[0])


def fail_once(engine: Engine, disk: SlowDisk) -> None:
    disk.free.set()
    disk.fails = True
    with pytest.raises(OperationalError):
        write(engine)
    disk.fails = False


def test_after_a_failure_another_process_trusts_the_log_no_more(
    engine: Engine, disk: SlowDisk, tmp_path: Path
) -> None:
    fail_once(engine, disk)
    with engine_at(str(engine.url)) as other:
        write(other)

    assert alone(engine, tmp_path) == written(engine) == 2

    write(engine)
    assert (alone(engine, tmp_path), written(engine)) == (2, 3)


def test_while_a_log_with_a_hole_is_in_use_nothing_counts_as_committed(
    engine: Engine, disk: SlowDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.db.disk.WAITS_SECONDS", 0.05)
    with closing(sqlite3.connect(str(engine.url.database))) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM written").fetchone()
        fail_once(engine, disk)
        with pytest.raises(OperationalError, match="in use"):
            write(engine)

    write(engine)
    assert alone(engine, tmp_path) == 3
