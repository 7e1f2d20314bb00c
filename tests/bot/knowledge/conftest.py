"""The whole starter content, loaded once for all who only read it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.db.engine import make_engine, transaction
from bot.knowledge.load import load_cards
from bot.knowledge.search import KnowledgeSearch
from tests.bot.knowledge.builders import CARDS
from tests.conftest import NOW


@pytest.fixture(scope="package")
def full(
    empty_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[KnowledgeSearch, Session]]:
    """A search over every card, and a session to ask it with."""
    path = tmp_path_factory.mktemp("knowledge") / "cards.sqlite3"
    shutil.copy(empty_database, path)
    engine = make_engine(f"sqlite:///{path}")
    with transaction(engine) as session:
        load_cards(session, CARDS, now=NOW)
    with Session(engine, expire_on_commit=False) as session:
        yield KnowledgeSearch(), session
    engine.dispose()
