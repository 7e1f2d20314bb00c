"""What a page learns while somebody looks at it."""

from sqlalchemy import Engine

from bot.contracts import Urgency
from bot.db.engine import transaction
from bot.inbox import InboundMessage
from bot.tickets.tables import Ticket
from tests.builders import a_ticket
from tests.conftest import NOW
from tests.handlers.console.conftest import Browser


def write(engine: Engine, ticket: Ticket, text: str) -> None:
    with transaction(engine) as session:
        message = InboundMessage(
            key=text, resident_id=ticket.resident_id, kind="text", text=text, sent_at=NOW,
            received_at=NOW, lease_until=NOW, ticket_id=ticket.id,
        )  # fmt: skip
        session.add(message)


def test_nothing_new_is_an_empty_answer(desk: Browser, ticket: Ticket) -> None:
    path = f"/tickets/live?open={ticket.number}"
    version = desk.open(path).headers["X-Version"]

    again = desk.open(f"{path}&v={version}")

    assert (again.status_code, again.text) == (204, "")


def test_new_words_come_with_the_number_of_unread(
    desk: Browser, engine: Engine, ticket: Ticket
) -> None:
    path = f"/tickets/live?open={ticket.number}"
    version = desk.open(path).headers["X-Version"]
    write(engine, ticket, "刚刚又来人了")

    answer = desk.open(f"{path}&v={version}")

    assert "刚刚又来人了" in answer.text
    assert answer.headers["HX-Trigger"] == '{"unread": 1}'


def test_no_form_of_the_page_is_sent_again(desk: Browser, ticket: Ticket) -> None:
    answer = desk.open(f"/tickets/live?open={ticket.number}")

    assert "<textarea" not in answer.text
    assert "csrf_token" not in answer.text


def test_a_ticket_that_went_to_somebody_else_says_so_and_leaves_the_page(
    desk: Browser, engine: Engine
) -> None:
    with transaction(engine) as session:
        others = a_ticket(session, summary="别人的秘密")

    answer = desk.open(f"/tickets/live?open={others.number}")

    assert "已经转给别人" in answer.text
    assert "别人的秘密" not in answer.text


def test_a_crisis_nobody_accepted_is_told_in_every_view(desk: Browser, engine: Engine) -> None:
    with transaction(engine) as session:
        a_ticket(session, state="triage", urgency=Urgency.CRISIS)

    assert "危机 1 件还没有人签收" in desk.open("/tickets/live?view=done").text
