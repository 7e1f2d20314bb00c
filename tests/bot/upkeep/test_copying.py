"""An installation moves into PostgreSQL with nothing lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from bot.audit import AuditEvent, record
from bot.db.engine import make_engine, one_moment, transaction
from bot.db.migrate import migrate
from bot.errors import UpkeepError
from bot.upkeep.copying import copy_database
from tests.bot.upkeep.installation import furnish
from tests.conftest import NOW


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[Engine]:
    engine = make_engine(postgres_url)
    yield engine
    engine.dispose()


def test_every_table_is_the_same_afterwards(
    engine: Engine, postgres: Engine, tmp_path: Path
) -> None:
    furnish(engine, tmp_path)

    copied = {one.table: one for one in copy_database(engine, postgres)}

    assert all(one.same for one in copied.values())
    assert copied["inbound_message"].after.rows == 30
    assert copied["knowledge_entry"].after.rows == 210


def test_a_second_copy_is_refused(engine: Engine, postgres: Engine, tmp_path: Path) -> None:
    furnish(engine, tmp_path, residents=1)
    copy_database(engine, postgres)

    with pytest.raises(UpkeepError, match="not empty"):
        copy_database(engine, postgres)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_moment_does_not_see_what_is_written_meanwhile(
    engine: Engine, kind: str, request: pytest.FixtureRequest
) -> None:
    used = engine if kind == "sqlite" else request.getfixturevalue("postgres")
    migrate(used)
    count = select(func.count()).select_from(AuditEvent)

    with one_moment(used) as moment:
        before = moment.scalar(count)
        with transaction(used) as session:
            record(session, deed="login", now=NOW)
        after = moment.scalar(count)

    assert (before, after) == (0, 0)
    with used.connect() as connection:
        assert connection.scalar(count) == 1
