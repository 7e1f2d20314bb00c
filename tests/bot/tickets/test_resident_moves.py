"""What a resident does with their ticket."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from bot.conversation.tables import Conversation, Speaker
from bot.errors import InvalidInputError
from bot.settings import Settings
from bot.tickets import lookup
from bot.tickets.resident_moves import rate, resident_wrote, withdraw
from bot.tickets.tables import CloseCode, State
from tests.builders import a_caseworker, a_resident, a_ticket
from tests.conftest import NOW

LATER = NOW + timedelta(hours=3)


def test_only_the_residents_word_makes_it_solved(session: Session, settings: Settings) -> None:
    ticket = a_ticket(session, state="resolved", resolved_at=NOW)

    rate(session, ticket, solved=True, now=LATER, settings=settings)

    assert (ticket.state, ticket.close_code) == (State.CLOSED, CloseCode.SOLVED)


def test_not_solved_goes_on_with_the_same_person(session: Session, settings: Settings) -> None:
    staff = a_caseworker(session)
    ticket = a_ticket(session, assignee=staff, state="resolved", resolved_at=NOW)

    rate(session, ticket, solved=False, now=LATER, settings=settings)

    assert (ticket.state, ticket.assignee_id) == (State.IN_PROGRESS, staff.id)
    assert ticket.reopened == 1
    assert ticket.reply_due_at > LATER


def test_not_solved_goes_to_another_where_the_person_has_left(
    session: Session, settings: Settings
) -> None:
    gone = a_caseworker(session, active=False)
    here = a_caseworker(session)
    ticket = a_ticket(session, assignee=gone, state="resolved", resolved_at=NOW)

    rate(session, ticket, solved=False, now=LATER, settings=settings)

    assert ticket.assignee_id == here.id


def test_not_solved_goes_on_beside_the_matter_that_is_live(
    session: Session, settings: Settings
) -> None:
    resident = a_resident(session)
    old = a_ticket(session, resident=resident, state="resolved", resolved_at=NOW)
    live = a_ticket(session, resident=resident)

    rate(session, old, solved=False, now=LATER, settings=settings)

    assert (old.state, live.state) == (State.IN_PROGRESS, State.IN_PROGRESS)
    assert (old.strand, live.strand) == (1, 0)
    assert lookup.live(session, resident.id) is live


def test_withdrawing_closes_and_frees_the_bot(session: Session) -> None:
    ticket = a_ticket(session)

    withdraw(session, ticket, now=LATER)

    assert (ticket.state, ticket.close_code) == (State.CLOSED, CloseCode.WITHDRAWN)
    assert session.get_one(Conversation, ticket.resident_id).speaker == Speaker.BOT


def test_what_is_closed_cannot_be_withdrawn(session: Session) -> None:
    ticket = a_ticket(session, state="closed")

    with pytest.raises(InvalidInputError):
        withdraw(session, ticket, now=LATER)


def test_words_after_an_answer_owe_another_one(session: Session, settings: Settings) -> None:
    ticket = a_ticket(session, last_reply_at=NOW, reminded_at=NOW, escalated_at=NOW)

    resident_wrote(session, ticket, now=LATER, settings=settings)

    assert ticket.last_resident_at == LATER
    assert ticket.reply_due_at > LATER
    assert (ticket.reminded_at, ticket.escalated_at) == (None, None)


def test_finds_the_live_the_latest_and_the_unrated(session: Session) -> None:
    resident = a_resident(session)
    done = a_ticket(
        session,
        resident=resident,
        state="resolved",
        resolved_at=NOW,
        opened_at=NOW - timedelta(days=2),
    )
    live = a_ticket(session, resident=resident)

    assert lookup.live(session, resident.id) is live
    assert lookup.latest(session, resident.id) is live
    assert lookup.present(session, resident.id).resolved is done


def test_anothers_number_looks_like_none(session: Session) -> None:
    ticket = a_ticket(session)
    stranger = a_resident(session)

    own = lookup.by_number(session, ticket.number, resident_id=ticket.resident_id)
    assert own is ticket
    assert lookup.by_number(session, ticket.number, resident_id=stranger.id) is None
