"""Who is written to, and in which database."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.db.engine import make_engine
from bot.db.migrate import migrate
from bot.wechat import budget
from tests.builders import a_resident
from tests.conftest import NOW


@pytest.fixture
def resident(session: Session) -> int:
    """Somebody who wrote just now."""
    resident_id = a_resident(session, openid="o-li").id
    budget.opened_by_message(session, resident_id, now=NOW)
    return resident_id


@pytest.fixture(params=["sqlite", "postgresql"])
def any_engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if request.param == "sqlite":
        yield request.getfixturevalue("engine")
        return
    engine = make_engine(request.getfixturevalue("postgres_url"))
    migrate(engine)
    yield engine
    engine.dispose()
