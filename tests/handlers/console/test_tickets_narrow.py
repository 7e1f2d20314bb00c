"""The list behind a number of a report."""

import re
from collections.abc import Callable

from sqlalchemy import Engine

from bot.db.engine import transaction
from bot.people.tables import Role
from bot.tickets.board import ROWS_A_PAGE
from tests.builders import a_ticket
from tests.handlers.console.conftest import Browser
from tests.handlers.console.test_tickets_list import numbers


def test_the_list_behind_a_number_says_what_narrows_it_and_keeps_it(
    as_role: Callable[[Role], Browser], engine: Engine
) -> None:
    with transaction(engine) as session:
        inside = [a_ticket(session, area_code="530111") for _ in range(ROWS_A_PAGE + 1)]
        a_ticket(session, area_code="530302")

    page = as_role(Role.SUPERVISOR).open("/tickets?view=all&from=2026-03-01&area=530100").text

    assert set(numbers(page)) <= {ticket.number for ticket in inside}
    assert "登记于2026年3月1日至 · 昆明市" in page
    following = re.search(r'href="([^"]+)">下一页', page)
    assert following
    assert {"area=530100", "from=2026-03-01", "view=all"} <= set(
        re.split(r"[?]|&amp;", following.group(1))
    )
