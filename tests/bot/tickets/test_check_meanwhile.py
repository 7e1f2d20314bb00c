"""`python -m bot tickets check` beside a service that goes on working."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.cli_tickets import tickets_check
from bot.contracts import Intent, Urgency
from bot.db.engine import transaction
from bot.people.tables import Staff
from bot.settings import Database, Settings
from bot.tickets import check, moves
from bot.tickets.opening import open_ticket
from bot.tickets.tables import TicketEvent
from tests.builders import a_caseworker, a_resident
from tests.conftest import NOW


@pytest.fixture
def engine(any_engine: Engine) -> Engine:
    return any_engine


@pytest.fixture
def ticket(engine: Engine, settings: Settings) -> str:
    with transaction(engine) as session:
        a_caseworker(session)
        opened = open_ticket(
            session,
            resident=a_resident(session),
            intent=Intent.HELP_REQUEST,
            urgency=Urgency.NORMAL,
            topic="wages",
            text="还没给钱",
            facts={},
            area_code="",
            now=NOW,
            settings=settings,
        )
        return opened.ticket.number


def test_what_changes_meanwhile_is_no_difference(
    engine: Engine, settings: Settings, ticket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    logs = check._logs

    def accept_first(session: Session, ticket_ids: Sequence[int]) -> dict[int, list[TicketEvent]]:
        with transaction(engine) as other:
            [staff] = other.scalars(select(Staff))
            moves.accept(other, ticket, by=moves.Act(staff, 10**9, NOW + timedelta(minutes=5)))
        return logs(session, ticket_ids)

    monkeypatch.setattr("bot.tickets.check._logs", accept_first)
    url = engine.url.render_as_string(hide_password=False)
    ours = settings.model_copy(update={"database": Database(url=url)})

    result = CliRunner().invoke(tickets_check, obj=ours)

    assert result.output == "tickets: as their logs say\n"
