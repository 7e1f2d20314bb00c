"""A line to talk to, with the clock and the NLU in the test's hands."""

import pytest
from sqlalchemy import Engine

from bot.settings import Settings
from tests.bot.chat import Chat, a_line
from tests.fakes import FakeNlu, SetClock


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def nlu() -> FakeNlu:
    return FakeNlu()


@pytest.fixture
def chat(stocked_engine: Engine, settings: Settings, nlu: FakeNlu, clock: SetClock) -> Chat:
    """A resident who has never written before."""
    return Chat(a_line(stocked_engine, settings, nlu, clock))
