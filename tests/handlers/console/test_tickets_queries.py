"""A page asks the database little, however much there is; counting is no timing."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from bot.casefile.tables import CaseTask, Mention
from bot.db.engine import transaction
from bot.desk import presence
from bot.desk.tables import Draft
from bot.outbox import OutboundMessage
from bot.people.tables import Staff
from bot.tickets.change import note_event
from bot.tickets.clocks.tables import TicketClock
from bot.wechat import budget
from tests.builders import a_caseworker, a_ticket
from tests.conftest import NOW
from tests.handlers.console.conftest import Browser
from tests.handlers.console.queries import MOST_QUERIES, counted
from tests.handlers.console.test_tickets_list import heard


@pytest.fixture
def number(engine: Engine, worker: Staff) -> str:
    """A ticket with something of everything, in a long list."""
    with transaction(engine) as session:
        own = session.get_one(Staff, worker.id)
        ticket = a_ticket(session, assignee=own)
        heard(session, ticket, "在小板桥")
        budget.opened_by_message(session, ticket.resident_id, now=NOW)
        for kind in ("opened", "accepted", "reply"):
            note_event(session, ticket, kind, now=NOW, staff=own)
        note = note_event(session, ticket, "note", now=NOW, staff=own, text="@王芳 看一下")
        session.add_all(
            [
                Draft(staff_id=own.id, ticket_id=ticket.id, kind="reply.text", page="p" * 8,
                      text="写到一半", written_at=NOW),
                OutboundMessage(resident_id=ticket.resident_id, ticket_id=ticket.id, text="您好",
                                staff_id=own.id, by_machine=False, not_before=NOW,
                                created_at=NOW, queued_at=NOW),
                Mention(event_id=note.id, ticket_id=ticket.id, staff_id=own.id),
                TicketClock(ticket_id=ticket.id, kind="reply", started_at=NOW,
                            due_at=NOW + timedelta(hours=1), rule="test"),
                CaseTask(ticket_id=ticket.id, kind="phone", staff_id=own.id, text="打电话",
                         due_at=NOW, created_at=NOW),
            ]
        )  # fmt: skip
        presence.look(session, ticket_id=ticket.id, staff_id=a_caseworker(session).id, now=NOW)
        for _ in range(20):
            heard(session, a_ticket(session, assignee=own), "老板跑了")
            a_caseworker(session)
    return ticket.number


@pytest.mark.parametrize(
    "path",
    [
        "/tickets",
        "/tickets?q=老板跑了",
        "/tickets/{number}",
        "/tickets/live?open={number}",
        "/drafts",
    ],
)
def test_a_page_asks_the_database_little_however_long_the_list(
    desk: Browser, engine: Engine, number: str, path: str
) -> None:
    desk.open(path.format(number=number))  # the look is on record from now on

    with counted(engine) as asked:
        assert desk.open(path.format(number=number)).status_code == 200

    assert len(asked) <= MOST_QUERIES, "\n".join(one[:90] for one in asked)
