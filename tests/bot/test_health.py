"""Health names what fails."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from bot.db.engine import make_engine, transaction
from bot.db.migrate import downgrade
from bot.health import check
from bot.processes import beat
from tests.conftest import NOW


def test_a_worker_that_fell_silent_is_named(engine: Engine) -> None:
    with transaction(engine) as session:
        beat(session, "worker:a", now=NOW)

    assert check(engine, now=NOW).parts["worker"] == "ok"
    assert check(engine, now=NOW + timedelta(minutes=2)).parts["worker"] == "silent for 120 s"


def test_a_database_of_an_older_form_is_not_well(engine: Engine) -> None:
    downgrade(engine, to="base")

    assert not check(engine, now=NOW).ok


def test_a_database_that_is_away_is_named(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'folder'}")
    (tmp_path / "folder").mkdir()

    health = check(engine, now=NOW)

    assert not health.ok
    assert health.parts["database"].startswith("failing")


def test_an_nlu_that_is_away_is_named_and_no_failure(engine: Engine) -> None:
    health = check(engine, now=NOW, nlu=["http://127.0.0.1:9"])

    assert health.ok
    assert health.parts["nlu"].startswith("away")


def test_a_year_that_is_provisional_is_named_and_no_failure(engine: Engine) -> None:
    announced = check(engine, now=NOW)
    provisional = check(engine, now=datetime(2027, 1, 4, tzinfo=UTC))

    assert announced.parts["calendar"] == "ok"
    assert "2027" in provisional.parts["calendar"]
    assert provisional.ok
