"""A process is put together before it serves."""

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot import wiring
from bot.conversation.ellipsis import load_followups
from bot.conversation.small_talk import load_small_talk
from bot.db.engine import make_engine, reading
from bot.errors import SettingsError
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


@pytest.mark.parametrize("read", [load_small_talk, load_followups])
@pytest.mark.parametrize("content", ["kinds: [", "lead: []", "- ", 'lead: ["("]\nend: []'])
def test_a_broken_file_stops_the_start_and_is_named(
    content: str,
    read: Callable[[Path], object],
    tmp_path: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "words.yaml"
    path.write_text(content, "utf-8")
    monkeypatch.setattr(wiring, "BOOKS", ((path, partial(read, path)),))

    with pytest.raises(SettingsError, match=r"words\.yaml"):
        make_line(settings)
