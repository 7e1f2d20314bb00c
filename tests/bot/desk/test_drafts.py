"""A draft goes by being sent or by its author's hand, and in no other way."""

import pytest
from sqlalchemy.orm import Session

from bot import outbox
from bot.desk import drafts
from bot.desk.drafts import Box, Sending
from bot.errors import NotFoundError
from bot.people.tables import Staff
from bot.tickets.change import note_event
from bot.tickets.tables import Ticket
from tests.builders import a_caseworker, a_ticket
from tests.conftest import NOW


@pytest.fixture
def ticket(session: Session) -> Ticket:
    return a_ticket(session)


@pytest.fixture
def author(session: Session, ticket: Ticket) -> Staff:
    return session.get_one(Staff, ticket.assignee_id)


def box(ticket: Ticket, author: Staff, page: str = "page-one", **more: int) -> Box:
    return Box(author.id, ticket.id, "reply.text", page, **more)


def texts(session: Session, author: Staff) -> list[str]:
    return [kept.draft.text for kept in drafts.of(session, author)]


def test_one_page_goes_on_with_its_own_draft(
    session: Session, ticket: Ticket, author: Staff
) -> None:
    drafts.keep(session, box(ticket, author), "您", now=NOW)
    drafts.keep(session, box(ticket, author), "您好", now=NOW)

    assert texts(session, author) == ["您好"]


def test_a_reloaded_page_goes_on_with_what_it_showed(
    session: Session, ticket: Ticket, author: Staff
) -> None:
    first = drafts.keep(session, box(ticket, author), "您好", now=NOW)
    assert first is not None

    again = box(ticket, author, "page-two", shown=first.id, revision=first.revision)
    drafts.keep(session, again, "您好，我是王芳", now=NOW)

    assert texts(session, author) == ["您好，我是王芳"]


def test_two_pages_do_not_overwrite_each_other(
    session: Session, ticket: Ticket, author: Staff
) -> None:
    first = drafts.keep(session, box(ticket, author), "桌上写的", now=NOW)
    assert first is not None
    shown = {"shown": first.id, "revision": first.revision}
    drafts.keep(session, box(ticket, author), "桌上写的，又写了", now=NOW)

    drafts.keep(session, box(ticket, author, "the-phone", **shown), "路上写的", now=NOW)
    drafts.keep(session, box(ticket, author), "桌上写的，又写了一句", now=NOW)

    assert set(texts(session, author)) == {"桌上写的，又写了一句", "路上写的"}


def test_an_emptied_box_lets_go(session: Session, ticket: Ticket, author: Staff) -> None:
    drafts.keep(session, box(ticket, author), "您好", now=NOW)

    drafts.keep(session, box(ticket, author), " \n", now=NOW)

    assert texts(session, author) == []


def test_the_last_keystrokes_of_what_was_sent_come_too_late(
    session: Session, ticket: Ticket, author: Staff
) -> None:
    note_event(session, ticket, "reply", now=NOW, staff=author, once="page-one")

    assert drafts.keep(session, box(ticket, author), "您好", now=NOW) is None
    assert texts(session, author) == []


def test_what_was_just_said_is_no_draft_of_the_page_before(
    session: Session, ticket: Ticket, author: Staff
) -> None:
    outbox.enqueue(
        session,
        resident_id=ticket.resident_id,
        text="您好\n——社工王芳",
        now=NOW,
        ticket_id=ticket.id,
        staff_id=author.id,
    )
    late = box(ticket, author, "the-page-before")

    assert drafts.keep(session, late, "您好", now=NOW) is None
    assert drafts.keep(session, late, "您好，还有", now=NOW) is not None
    assert drafts.keep(session, late, "您好", now=NOW + drafts.JUST_NOW) is not None


def test_sending_lets_go_of_what_was_sent_and_of_nothing_else(
    session: Session, ticket: Ticket, author: Staff
) -> None:
    colleague = a_caseworker(session)
    drafts.keep(session, box(ticket, author), "您好", now=NOW)
    drafts.keep(session, box(ticket, author, "the-phone"), "路上写的", now=NOW)
    drafts.keep(session, box(ticket, colleague), "您好", now=NOW)
    note = Box(author.id, ticket.id, "note.note", "page-one")
    drafts.keep(session, note, "您好", now=NOW)

    drafts.sent(session, Sending(author.id, ticket.id, "reply", "page-one", texts=["您好"]))

    assert sorted(texts(session, author)) == ["您好", "路上写的"]
    assert texts(session, colleague) == ["您好"]


def test_sending_lets_go_of_the_same_words_on_a_page_before(
    session: Session, ticket: Ticket, author: Staff
) -> None:
    drafts.keep(session, box(ticket, author, "before-the-reload"), "写到一半", now=NOW)
    session.expire_all()

    sending = Sending(author.id, ticket.id, "reply", "after-it", texts=["写到一半"])
    drafts.sent(session, sending)

    assert texts(session, author) == []


def test_sending_keeps_what_another_page_has_written_since(
    session: Session, ticket: Ticket, author: Staff
) -> None:
    first = drafts.keep(session, box(ticket, author), "您好", now=NOW)
    assert first is not None
    shown = (first.id, first.revision)
    drafts.keep(session, box(ticket, author), "您好，又写了", now=NOW)

    sending = Sending(author.id, ticket.id, "reply", "the-phone", texts=["您好"], shown=[shown])
    drafts.sent(session, sending)

    assert texts(session, author) == ["您好，又写了"]


def test_a_ticket_out_of_sight_shows_its_number_only(
    session: Session, ticket: Ticket, author: Staff
) -> None:
    drafts.keep(session, box(ticket, author), "您好", now=NOW)
    ticket.assignee_id = a_caseworker(session).id
    session.flush()

    [kept] = drafts.of(session, author)

    assert (kept.draft.text, kept.number, kept.alias) == ("您好", ticket.number, "")


def test_nobody_deletes_the_draft_of_another(
    session: Session, ticket: Ticket, author: Staff
) -> None:
    draft = drafts.keep(session, box(ticket, author), "您好", now=NOW)
    assert draft is not None

    with pytest.raises(NotFoundError):
        drafts.drop(session, draft.id, staff=a_caseworker(session))

    assert texts(session, author) == ["您好"]
