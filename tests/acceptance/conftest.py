"""What acceptance tests have in common: a test may ask for both databases."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from bot.db.engine import make_engine
from bot.db.migrate import migrate


@pytest.fixture(params=["sqlite", "postgresql"])
def either_database(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """The same test on both databases."""
    if request.param == "sqlite":
        yield request.getfixturevalue("engine")
        return
    engine = make_engine(request.getfixturevalue("postgres_url"))
    migrate(engine)
    yield engine
    engine.dispose()
