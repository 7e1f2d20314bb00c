"""Deciding before it is one's turn to write: nobody waits meanwhile, and nothing stale is kept."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.db.engine import deciding, make_engine, transaction
from bot.db.writing import WATCHED, StaleError
from bot.people.tables import Resident
from tests.builders import a_resident

MINE = "SELECT area_code FROM resident WHERE id = :id"


@pytest.fixture
def residents(engine: Engine) -> tuple[int, int]:
    with transaction(engine) as session:
        return a_resident(session, area_code="53").id, a_resident(session, area_code="53").id


@pytest.fixture
def other(engine: Engine) -> Iterator[sqlite3.Connection]:
    """Whoever else writes into the same file, and does not wait."""
    with closing(sqlite3.connect(str(engine.url.database), timeout=0)) as connection:
        connection.isolation_level = None
        yield connection


def moves(connection: sqlite3.Connection, resident_id: int) -> None:
    connection.execute("UPDATE resident SET area_code = '5301' WHERE id = ?", (resident_id,))


def areas(engine: Engine) -> list[str]:
    with transaction(engine) as session:
        return list(session.scalars(select(Resident.area_code).order_by(Resident.id)))


def marked(session: Session, resident_id: int) -> None:
    session.get_one(Resident, resident_id).scene = "mark"
    session.flush()


def too_late(engine: Engine, resident_id: int, other: sqlite3.Connection) -> None:
    with deciding(engine, MINE, resident_id) as session:
        session.get_one(Resident, resident_id)
        moves(other, resident_id)
        marked(session, resident_id)


def broken(engine: Engine, resident_id: int) -> None:
    with deciding(engine, MINE, resident_id) as session:
        marked(session, resident_id)
        raise KeyError


def scenes(engine: Engine) -> list[str]:
    with transaction(engine) as session:
        return list(session.scalars(select(Resident.scene).order_by(Resident.id)))


def test_others_write_while_it_decides_and_it_writes_beside_them(
    engine: Engine, residents: tuple[int, int], other: sqlite3.Connection
) -> None:
    mine, not_mine = residents

    with deciding(engine, MINE, mine) as session:
        session.get_one(Resident, mine)
        moves(other, not_mine)
        marked(session, mine)

    assert areas(engine) == ["53", "5301"]
    assert scenes(engine) == ["mark", ""]


def test_it_writes_nothing_once_what_it_rests_on_has_changed(
    engine: Engine, residents: tuple[int, int], other: sqlite3.Connection
) -> None:
    mine, _ = residents

    with pytest.raises(StaleError):
        too_late(engine, mine, other)

    assert areas(engine) == ["5301", "53"]
    assert scenes(engine) == ["", ""]


def test_whoever_was_too_late_gives_the_turn_back(
    engine: Engine, residents: tuple[int, int], other: sqlite3.Connection
) -> None:
    mine, _ = residents
    with pytest.raises(StaleError):
        too_late(engine, mine, other)

    with transaction(engine) as session:
        marked(session, mine)

    assert scenes(engine) == ["mark", ""]


def test_a_lock_that_nobody_watches_keeps_others_out(
    engine: Engine, residents: tuple[int, int], other: sqlite3.Connection
) -> None:
    mine, not_mine = residents

    with deciding(engine, MINE, mine) as session:
        session.scalars(select(Resident).with_for_update()).all()
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            moves(other, not_mine)


def test_a_lock_of_rows_that_are_watched_keeps_nobody_out(
    engine: Engine, residents: tuple[int, int], other: sqlite3.Connection
) -> None:
    mine, not_mine = residents

    with deciding(engine, MINE, mine) as session:
        locked = select(Resident).where(Resident.id == mine).with_for_update()
        session.scalars(locked.execution_options(**{WATCHED: True})).all()
        moves(other, not_mine)

    assert areas(engine) == ["53", "5301"]


def test_a_savepoint_counts_as_writing(
    engine: Engine, residents: tuple[int, int], other: sqlite3.Connection
) -> None:
    mine, not_mine = residents

    with deciding(engine, MINE, mine) as session, session.begin_nested():
        session.get_one(Resident, mine)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            moves(other, not_mine)
        marked(session, mine)

    assert scenes(engine) == ["mark", ""]


def test_who_only_reads_waits_for_no_writer(
    engine: Engine, residents: tuple[int, int], other: sqlite3.Connection
) -> None:
    mine, _ = residents
    other.execute("BEGIN IMMEDIATE")
    moves(other, mine)

    with deciding(engine, MINE, mine) as session:
        seen = session.get_one(Resident, mine).area_code

    other.execute("ROLLBACK")
    assert seen == "53"


def test_an_error_leaves_nothing_behind(engine: Engine, residents: tuple[int, int]) -> None:
    mine, _ = residents

    with pytest.raises(KeyError):
        broken(engine, mine)

    assert scenes(engine) == ["", ""]


def test_a_look_that_fails_is_an_error_of_the_database_and_writes_nothing(
    engine: Engine, residents: tuple[int, int]
) -> None:
    mine, _ = residents

    with (
        pytest.raises(OperationalError, match="no such table"),
        deciding(engine, "SELECT 1 FROM nowhere WHERE id = :id", mine) as session,
    ):
        marked(session, mine)

    assert scenes(engine) == ["", ""]


def test_a_database_in_memory_can_be_decided_on_as_well() -> None:
    memory = make_engine("sqlite://")
    with transaction(memory) as session:
        session.execute(text("CREATE TABLE resident (id INTEGER, area_code TEXT)"))

    with deciding(memory, MINE, 1) as session:
        session.execute(text("INSERT INTO resident VALUES (1, '53')"))

    with transaction(memory) as session:
        assert session.execute(text(MINE), {"id": 1}).scalar_one() == "53"
