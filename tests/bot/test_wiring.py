"""A process is put together before it serves."""

from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from bot.db.engine import make_engine, reading
from bot.settings import Settings
from bot.wiring import make_line, warm_up


def test_a_warm_line_finds_what_is_published(stocked_engine: Engine, settings: Settings) -> None:
    line = make_line(settings, engine=stocked_engine)

    warm_up(line)

    with reading(stocked_engine) as session:
        found = line.tools.knowledge.find(session, "老板拖欠工资咋个办", today=date(2026, 3, 2))
    assert found.hits[0].entry_id == "wage01"


def test_a_database_without_tables_does_not_stop_the_start(
    tmp_path: Path, settings: Settings
) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'empty.sqlite3'}")

    warm_up(make_line(settings, engine=engine))
    engine.dispose()
