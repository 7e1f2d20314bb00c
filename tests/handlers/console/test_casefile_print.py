"""One conversation on paper: no more than was asked for, and on record."""

import io
from collections.abc import Callable

import pypdf
import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.audit import AuditEvent
from bot.db.engine import transaction
from bot.inbox import InboundMessage
from bot.people.tables import Role
from bot.tickets.tables import Ticket, TicketEvent
from tests.conftest import NOW
from tests.handlers.console.conftest import Browser
from tests.handlers.console.tickets_forms import Page

SECRET = "老板的小舅子威胁过他"


@pytest.fixture
def talk(desk: Browser, ticket: Ticket, engine: Engine) -> str:
    with transaction(engine) as session:
        for number in range(250):
            text = f"第{number}句，我电话13888881234"
            session.add(
                InboundMessage(
                    key=str(number), resident_id=ticket.resident_id, kind="text", text=text,
                    sent_at=NOW, received_at=NOW, lease_until=NOW, ticket_id=ticket.id,
                )
            )  # fmt: skip
    Page(desk, ticket.number).send("note", note=SECRET)
    desk.open(f"/tickets/{ticket.number}/print")
    return f"/tickets/{ticket.number}/print"


def records(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return [
            " ".join([it.deed, it.subject, *(name for name, there in it.data.items() if there)])
            for it in session.scalars(select(AuditEvent).order_by(AuditEvent.id))
            if it.deed == "ticket.print"
        ]


def words(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_the_whole_conversation_is_printed_masked_and_without_notes(
    desk: Browser, talk: str, ticket: Ticket, engine: Engine
) -> None:
    page = desk.send(talk, {"as": "page"}).text

    assert "第0句" in page
    assert "第249句" in page
    assert "138****1234" in page
    assert "13888881234" not in page
    assert SECRET not in page
    assert "没有印内部备注" in page
    assert records(engine) == [f"ticket.print ticket:{ticket.number}"]


def test_the_pdf_says_the_same_in_chinese(desk: Browser, talk: str, ticket: Ticket) -> None:
    answer = desk.send(talk, {"as": "pdf"})

    text = words(answer.data)
    assert answer.headers["Content-Disposition"] == f"attachment; filename={ticket.number}.pdf"
    assert ticket.number in text
    assert "第249句，我电话138****1234" in text
    assert SECRET not in text


def test_notes_are_printed_when_chosen_and_the_paper_says_so(
    desk: Browser, talk: str, ticket: Ticket, engine: Engine
) -> None:
    page = desk.send(talk, {"as": "page", "notes": "1"}).text

    assert SECRET in page
    assert "含内部备注，不要交给居民或对方" in page
    assert records(engine) == [f"ticket.print ticket:{ticket.number} notes"]


def test_full_numbers_need_a_reason_which_stays_in_the_history(
    desk: Browser, talk: str, engine: Engine
) -> None:
    assert desk.send(talk, {"as": "page", "numbers": "1", "reason": " "}).status_code == 400
    assert records(engine) == []

    page = desk.send(talk, {"as": "page", "numbers": "1", "reason": "交法援中心立案"}).text

    assert "13888881234" in page
    with Session(engine) as session:
        event = session.scalars(select(TicketEvent).where(TicketEvent.kind == "printed")).one()
    assert (event.text, event.data["numbers"]) == ("交法援中心立案", True)


def test_a_stranger_prints_nothing(
    talk: str, as_role: Callable[[Role], Browser], engine: Engine
) -> None:
    for role in (Role.CASEWORKER, Role.ADMIN):
        stranger = as_role(role)
        assert stranger.open(talk).status_code in {403, 404}
        assert stranger.send(talk, {"as": "pdf"}).status_code in {403, 404}
    assert records(engine) == []
