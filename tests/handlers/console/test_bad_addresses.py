"""What is wrong by itself in an address, with everything else in it as it should be."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Engine

from bot.db.engine import transaction
from bot.people.tables import Role
from bot.tickets.narrow import KEYS
from tests.builders import a_ticket
from tests.conftest import BOTH
from tests.handlers.console.conftest import Browser

BEYOND = ("9" * 23, "2147483648", "0001-01-01", "9999-12-31", "\x00", "-1")
ASKED = {
    Role.SUPERVISOR: (
        *(("/tickets", name) for name in (*KEYS, "page", "view", "q", "before")),
        *(("/reports/", name) for name in ("period", "first", "last", "person", "team")),
        *(("/reports/exports/", name) for name in ("from", "person", "team")),
        *(("/knowledge/", name) for name in ("page", "q")),
        *(("/staff/roster/", "week"), ("/supervise/", "person"), ("/audit/tickets/1", "page")),
    ),
    Role.ADMIN: (
        *(("/audit/", name) for name in ("page", "person", "ticket")),
        *(("/outbox/", "page"), ("/calendar/", "year"), ("/staff/roster/", "week")),
    ),
}


@BOTH
@pytest.mark.parametrize("role", ASKED)
def test_one_wrong_value_breaks_no_page(
    app: Flask, engine: Engine, as_role: Callable[[Role], Browser], role: Role
) -> None:
    app.config.update(PROPAGATE_EXCEPTIONS=False, TESTING=False)
    someone = as_role(role)
    with transaction(engine) as session:
        a_ticket(session)

    broken = [
        (path, name, value)
        for path, name in ASKED[role]
        for value in BEYOND
        if someone.client.get(path, query_string={name: value}).status_code >= 500
    ]

    assert broken == []


def test_the_last_days_of_the_calendar_are_no_error(as_role: Callable[[Role], Browser]) -> None:
    boss = as_role(Role.SUPERVISOR)

    for first, last in (("0001-01-01", "2026-03-01"), ("2026-03-01", "9999-12-31")):
        asked = {"period": "custom", "first": first, "last": last}
        assert boss.client.get("/reports/", query_string=asked).status_code < 500
