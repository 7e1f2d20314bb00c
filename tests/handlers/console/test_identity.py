"""No page shows an identity number; the printout does, to who asks for it on record."""

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.audit import AuditEvent
from bot.db.engine import transaction
from bot.inbox import InboundMessage
from bot.people.tables import Staff
from handlers.console.identity import in_page
from tests.builders import a_ticket
from tests.conftest import NOW
from tests.handlers.console.conftest import Browser

NUMBER = "530102199003071234"
MASKED = "530102**********34"


def test_what_is_read_is_masked_and_what_is_edited_is_not() -> None:
    page = f'<p title="x">{NUMBER}</p><textarea name="a">{NUMBER}</textarea><b data-x="{NUMBER}">'

    masked = in_page(page)

    assert masked == page.replace(f">{NUMBER}</p>", f">{MASKED}</p>")


def test_pages_and_their_parts_hide_it_and_the_printout_tells(
    desk: Browser, engine: Engine, worker: Staff
) -> None:
    with transaction(engine) as session:
        own = session.get_one(Staff, worker.id)
        ticket = a_ticket(session, assignee=own, summary=f"身份证{NUMBER}")
        session.add(
            InboundMessage(
                key="k", resident_id=ticket.resident_id, kind="text", text=f"身份证{NUMBER}",
                sent_at=NOW, received_at=NOW, lease_until=NOW, ticket_id=ticket.id,
            )
        )  # fmt: skip
        number = ticket.number

    for path in ("/tickets", f"/tickets/{number}", f"/tickets/live?open={number}"):
        page = desk.open(path).text
        assert NUMBER not in page, path
        assert MASKED in page, path
    form = {"as": "page", "numbers": "1", "reason": "写仲裁申请"}
    printed = desk.send(f"/tickets/{number}/print", form).text

    assert NUMBER in printed
    with Session(engine) as session:
        said = session.scalars(select(AuditEvent).where(AuditEvent.deed == "ticket.print")).one()
        assert said.data["numbers"]
