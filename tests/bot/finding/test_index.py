"""The index follows the texts of tickets."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot import outbox
from bot.finding import index, upkeep
from bot.finding.tables import TicketGram
from bot.inbox import InboundMessage
from bot.settings import Settings
from bot.tickets.change import note_event
from bot.tickets.finding import said
from bot.tickets.tables import Ticket
from tests.builders import a_caseworker, a_ticket
from tests.conftest import NOW


def found(session: Session, words: str, ticket: Ticket) -> bool:
    boss = a_caseworker(session, role="supervisor")
    asked = select(Ticket.id).where(said(words, boss))
    return ticket.id in session.scalars(asked).all()


def hears(session: Session, ticket: Ticket, text: str) -> InboundMessage:
    message = InboundMessage(
        key=text, resident_id=ticket.resident_id, kind="text", text=text, sent_at=NOW,
        received_at=NOW, lease_until=NOW, ticket_id=ticket.id,
    )  # fmt: skip
    session.add(message)
    session.flush()
    return message


def test_a_note_and_an_answer_are_found_at_once(session: Session) -> None:
    ticket = a_ticket(session)

    note_event(session, ticket, "note", now=NOW, text="去过小板桥找人")
    outbox.enqueue(
        session, resident_id=ticket.resident_id, text="请带上身份证", now=NOW,
        ticket_id=ticket.id,
    )  # fmt: skip

    assert found(session, "小板桥", ticket)
    assert found(session, "身份证", ticket)


def test_adding_twice_is_adding_once(session: Session) -> None:
    ticket = a_ticket(session)

    index.add(session, ticket.id, "小板桥")
    index.add(session, ticket.id, "小板桥")

    assert found(session, "小板桥", ticket)


def test_what_was_erased_is_found_no_more(session: Session) -> None:
    ticket = a_ticket(session)
    message = hears(session, ticket, "在小板桥")
    index.add(session, ticket.id, message.text)
    message.text = ""
    session.flush()

    upkeep.rebuild(session, [ticket.id])

    assert not found(session, "小板桥", ticket)
    assert found(session, "工钱", ticket)


def test_what_was_there_before_the_index_is_caught_up_once(
    session: Session, settings: Settings
) -> None:
    ticket = a_ticket(session)
    hears(session, ticket, "在小板桥")
    session.execute(delete(TicketGram))

    assert upkeep.catch_up(session, now=NOW, settings=settings) == 1
    assert found(session, "小板桥", ticket)
    assert upkeep.catch_up(session, now=NOW, settings=settings) == 0
