"""Backups hold everything, are read by the key's owner only, and come back whole."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text

from bot.db.engine import make_engine, transaction
from bot.db.form import is_current
from bot.db.migrate import migrate
from bot.errors import UpkeepError
from bot.inbox import InboundMessage
from bot.people.tables import Staff
from bot.upkeep.backup import back_up, new_key, older_than
from bot.upkeep.restore import restore
from bot.upkeep.rows import is_empty, tables_of
from tests.bot.upkeep.installation import STORY, furnish
from tests.builders import a_caseworker
from tests.conftest import NOW

PRIVATE, PUBLIC = new_key()


@pytest.fixture(scope="module")
def installation(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A furnished database, the files beside it and a backup of both, which tests copy."""
    folder = tmp_path_factory.mktemp("installation")
    shutil.copy(empty_database, folder / "old.sqlite3")
    engine = make_engine(f"sqlite:///{folder / 'old.sqlite3'}")
    furnish(engine, folder / "old")
    back_up(engine, folder / "old", folder / "b.age", recipients=[PUBLIC], now=NOW)
    engine.dispose()
    return folder


@pytest.fixture
def database_url(installation: Path, tmp_path: Path) -> str:
    shutil.copy(installation / "old.sqlite3", tmp_path)
    return f"sqlite:///{tmp_path / 'old.sqlite3'}"


@pytest.fixture
def data_dir(installation: Path, tmp_path: Path) -> Path:
    shutil.copytree(installation / "old", tmp_path / "old")
    return tmp_path / "old"


@pytest.fixture
def backup(installation: Path, tmp_path: Path) -> Path:
    shutil.copy(installation / "b.age", tmp_path)
    return tmp_path / "b.age"


@pytest.fixture
def new_engine(tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{tmp_path / 'new.sqlite3'}")
    yield engine
    engine.dispose()


def messages(engine: Engine) -> list[tuple[str, object]]:
    with transaction(engine) as session:
        rows = session.execute(
            select(InboundMessage.text, InboundMessage.received_at).order_by(InboundMessage.id)
        )
        return [(row.text, row.received_at) for row in rows]


def test_restores_every_row_and_file(
    engine: Engine, new_engine: Engine, backup: Path, tmp_path: Path
) -> None:
    rows, files = restore(new_engine, tmp_path / "new", backup, identity=PRIVATE)

    assert (rows > 500, files) == (True, 2)
    assert messages(new_engine) == messages(engine)
    assert (tmp_path / "new/media/ab/ab12.jpg").read_bytes() == b"\xff\xd8\xffpicture"
    assert is_current(new_engine)


def test_restores_into_postgresql_and_numbers_go_on(
    backup: Path, engine: Engine, postgres_url: str, tmp_path: Path
) -> None:
    other = make_engine(postgres_url)

    restore(other, tmp_path / "new", backup, identity=PRIVATE)

    assert messages(other) == messages(engine)
    with transaction(other) as session:
        last = session.scalar(select(func.max(Staff.id))) or 0
        assert a_caseworker(session).id > last
    other.dispose()


def test_nothing_of_a_story_can_be_read_in_the_file(backup: Path) -> None:
    content = backup.read_bytes()

    assert STORY.encode() not in content
    assert backup.stat().st_mode & 0o077 == 0


def test_another_key_is_refused_and_nothing_is_left(
    backup: Path, new_engine: Engine, tmp_path: Path
) -> None:
    with pytest.raises(UpkeepError, match="another key"):
        restore(new_engine, tmp_path / "new", backup, identity=new_key()[0])

    assert list((tmp_path / "new").rglob("*")) == []


@pytest.mark.parametrize("cut", [1, 200, 5000])
def test_a_damaged_file_is_refused_whole(
    backup: Path, new_engine: Engine, tmp_path: Path, cut: int
) -> None:
    backup.write_bytes(backup.read_bytes()[:-cut])

    with pytest.raises(UpkeepError):
        restore(new_engine, tmp_path / "new", backup, identity=PRIVATE)

    with new_engine.connect() as connection:
        assert is_empty(connection, tables_of(connection))


def test_nothing_in_use_is_written_over(backup: Path, engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(UpkeepError, match="in use"):
        restore(engine, tmp_path / "new", backup, identity=PRIVATE)


def test_files_in_use_are_not_written_over(
    backup: Path, new_engine: Engine, data_dir: Path
) -> None:
    with pytest.raises(UpkeepError, match="empty data folder"):
        restore(new_engine, data_dir, backup, identity=PRIVATE)


def test_a_private_key_is_no_recipient(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(UpkeepError, match="not a public key"):
        back_up(engine, tmp_path, tmp_path / "b", recipients=[PRIVATE], now=NOW)


def test_only_old_backups_are_named_for_deletion(tmp_path: Path) -> None:
    for name in (
        "yunqiao-20260101T000000Z.tar.gz.age",
        "yunqiao-20260302T020000Z.tar.gz.age",
        "x",
    ):
        (tmp_path / name).touch()

    assert [path.name[8:16] for path in older_than(tmp_path, NOW)] == ["20260101"]


def test_a_database_of_another_form_is_not_filled(
    backup: Path, new_engine: Engine, tmp_path: Path
) -> None:
    migrate(new_engine, to="0001")

    with pytest.raises(UpkeepError, match="in use"):
        restore(new_engine, tmp_path / "new", backup, identity=PRIVATE)


def test_a_backup_of_an_earlier_form_is_brought_to_the_newest(
    tmp_path: Path, new_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = make_engine(f"sqlite:///{tmp_path / 'old.sqlite3'}")
    migrate(old, to="0005")
    with old.begin() as connection:
        connection.execute(text("INSERT INTO ticket_counter VALUES ('2603', 7)"))
    monkeypatch.setattr("bot.upkeep.backup.fits", lambda engine: True)
    back_up(old, tmp_path, tmp_path / "b", recipients=[PUBLIC], now=NOW)
    old.dispose()

    restore(new_engine, tmp_path / "new", tmp_path / "b", identity=PRIVATE)

    assert is_current(new_engine)
    with new_engine.connect() as connection:
        assert connection.scalar(text("SELECT last FROM ticket_counter")) == 7


def test_after_going_back_to_an_older_version_backups_are_made_and_want_the_later_one(
    engine: Engine, new_engine: Engine, tmp_path: Path
) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    migrate(engine)
    back_up(engine, tmp_path, tmp_path / "b", recipients=[PUBLIC], now=NOW)

    with pytest.raises(UpkeepError, match="later version"):
        restore(new_engine, tmp_path / "new", tmp_path / "b", identity=PRIVATE)
