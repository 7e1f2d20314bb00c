"""What reports are asked about in tests."""

from collections.abc import Callable

import pytest
from sqlalchemy import true
from sqlalchemy.orm import Session

from bot.reports.measures import Asked, asked_by
from bot.settings import Settings
from bot.tickets.narrow import read
from tests.conftest import NOW


@pytest.fixture
def ask(session: Session, settings: Settings) -> Callable[..., Asked]:
    """Everything may be seen; keywords narrow it."""

    def make(**narrow: str) -> Asked:
        narrowed = read(narrow, zone=settings.zone)
        return asked_by(session, true(), narrow=narrowed, now=NOW, settings=settings)

    return make
