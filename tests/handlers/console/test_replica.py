"""Pages that count much read from the replica, and from the primary where it is not to be had."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from bot.db.engine import make_engine, transaction
from bot.db.replica import Replica
from bot.people.tables import Role
from tests.builders import a_ticket
from tests.handlers.console.conftest import Browser

Enter = Callable[[Role], Browser]


class FreshReplica(Replica):
    """Says that it is fresh, as long as nothing failed."""

    def _look(self) -> None:
        self._fresh, self._look_again = True, self._monotonic() + 1


@pytest.fixture
def copy(empty_database: Path, tmp_path: Path) -> Iterator[Engine]:
    """What the replica has: another ticket, and nobody who could log in."""
    path = tmp_path / "copy.sqlite3"
    path.write_bytes(empty_database.read_bytes())
    engine = make_engine(f"sqlite:///{path}")
    with transaction(engine) as session:
        for _ in range(7):
            a_ticket(session)
    yield engine
    engine.dispose()


@pytest.fixture
def boss(app: Flask, as_role: Enter, copy: Engine) -> Browser:
    browser = as_role(Role.SUPERVISOR)
    tools = app.extensions["console"]
    app.extensions["console"] = replace(tools, replica=FreshReplica(copy))
    return browser


def numbers(browser: Browser) -> set[str]:
    """The numbers on the board."""
    page = browser.open("/supervise/")
    assert page.status_code == 200
    return set(
        re.findall(r'href="/tickets\?[^"]+"[^>]*>(?:<svg.*?</svg>)?(?:<b[^>]*>)?(\d+)', page.text)
    )


def test_the_board_is_read_from_the_replica_and_who_asks_from_the_primary(boss: Browser) -> None:
    assert "7" in numbers(boss)
    assert boss.open("/tickets").status_code == 200


def test_a_replica_that_fails_is_left_alone_and_the_page_comes_all_the_same(
    boss: Browser, app: Flask, copy: Engine
) -> None:
    with copy.begin() as connection:
        connection.execute(text("ALTER TABLE ticket RENAME TO gone"))

    assert numbers(boss) == {"0"}

    assert not app.extensions["console"].replica.is_fresh()


def test_a_server_that_copies_nothing_or_is_not_there_is_no_replica(postgres_url: str) -> None:
    engine = make_engine(postgres_url)
    away = make_engine("postgresql+psycopg://nobody@127.0.0.1:1/none", connect_seconds=1)

    assert not Replica(engine).is_fresh()
    assert not Replica(away).is_fresh()
    engine.dispose()
