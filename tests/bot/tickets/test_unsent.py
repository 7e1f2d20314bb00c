"""An answer that has not gone out is none."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.contracts import Intent, Urgency
from bot.outbox import OutboundMessage, SendState
from bot.people.tables import Staff
from bot.settings import Settings
from bot.tickets import moves
from bot.tickets.change import heard, last_event_id, owes_answer
from bot.tickets.check import differences
from bot.tickets.fold import running
from bot.tickets.opening import open_ticket
from bot.tickets.projection import standing_of
from bot.tickets.tables import ClockKind, State, Ticket
from bot.tickets.unsent import PATIENCE, keep_answers_true
from tests.bot.tickets.deeds import kinds
from tests.builders import a_caseworker, a_resident
from tests.conftest import NOW

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
Look = Callable[[datetime], int]


@pytest.fixture
def worker(session: Session) -> Staff:
    return a_caseworker(session)


@pytest.fixture
def ticket(session: Session, settings: Settings, worker: Staff) -> Ticket:
    return open_ticket(
        session, resident=a_resident(session), intent=Intent.HELP_REQUEST,
        urgency=Urgency.NORMAL, topic="wages", text="工钱没给", facts={}, area_code="",
        now=NOW, settings=settings,
    ).ticket  # fmt: skip


@pytest.fixture
def look(session: Session, settings: Settings) -> Look:
    """Let the timetable look, and the log be held against what is stored."""

    def do(now: datetime) -> int:
        done = keep_answers_true(session, now=now, settings=settings)
        assert [it.what for it in differences(session, settings)] == []
        return done

    return do


def answer(session: Session, ticket: Ticket, worker: Staff, at: datetime) -> OutboundMessage:
    """Write an answer; return its message."""
    by = moves.Act(worker, last_event_id(session, ticket.id), at)
    moves.reply(session, ticket.number, by=by, text="我来问", once=f"page-{at:%H%M%S}")
    newest = select(OutboundMessage).where(OutboundMessage.once_key.startswith("reply:"))
    return session.scalars(newest.order_by(OutboundMessage.id.desc())).all()[0]


def runs(ticket: Ticket) -> set[str]:
    kinds = (ClockKind.FIRST_REPLY, ClockKind.REPLY)
    return {str(kind) for kind in kinds if running(standing_of(ticket), kind)}


@pytest.mark.parametrize(
    "state", [SendState.HELD, SendState.REFUSED, SendState.GIVEN_UP, SendState.WITHDRAWN]
)
def test_what_was_held_or_refused_is_owed_by_the_old_time(
    session: Session, ticket: Ticket, worker: Staff, look: Look, state: SendState
) -> None:
    due = ticket.reply_due_at
    answer(session, ticket, worker, NOW + HOUR).state = state

    assert [look(NOW + HOUR + MINUTE), look(NOW + 2 * HOUR)] == [1, 0]

    assert owes_answer(ticket)
    assert (ticket.first_reply_at, ticket.reply_due_at, ticket.first_due_at) == (None, due, due)
    assert runs(ticket) == {"first_reply", "reply"}


def test_once_it_has_gone_out_it_was_the_answer_at_that_time(
    session: Session, ticket: Ticket, worker: Staff, look: Look
) -> None:
    message = answer(session, ticket, worker, NOW + HOUR)
    message.state = SendState.HELD
    look(NOW + HOUR + MINUTE)
    message.state = SendState.ACCEPTED

    assert [look(NOW + 3 * HOUR), look(NOW + 4 * HOUR)] == [1, 0]

    assert not owes_answer(ticket)
    assert ticket.first_reply_at == NOW + 3 * HOUR
    assert runs(ticket) == set()


def test_words_that_let_it_out_are_to_be_answered_themselves(
    session: Session, ticket: Ticket, worker: Staff, look: Look
) -> None:
    message = answer(session, ticket, worker, NOW + HOUR)
    message.state = SendState.HELD
    look(NOW + HOUR + MINUTE)

    heard(session, ticket, now=NOW + 2 * HOUR)
    message.state = SendState.ACCEPTED
    look(NOW + 2 * HOUR + MINUTE)

    assert owes_answer(ticket)
    assert runs(ticket) == {"reply"}
    assert ticket.reply_due_at > NOW + 2 * HOUR


def test_one_that_is_tried_for_long_is_not_out_and_one_of_a_moment_is(
    session: Session, ticket: Ticket, worker: Staff, look: Look
) -> None:
    answer(session, ticket, worker, NOW + HOUR)

    assert look(NOW + HOUR + MINUTE) == 0
    assert look(NOW + HOUR + PATIENCE) == 1


def test_a_second_answer_that_is_held_takes_nothing_from_the_first(
    session: Session, ticket: Ticket, worker: Staff, look: Look
) -> None:
    answer(session, ticket, worker, NOW + HOUR).state = SendState.ACCEPTED
    answer(session, ticket, worker, NOW + 2 * HOUR).state = SendState.HELD

    assert look(NOW + 3 * HOUR) == 0
    assert not owes_answer(ticket)


def test_nobody_waits_for_who_was_never_asked(
    session: Session, ticket: Ticket, worker: Staff, look: Look
) -> None:
    message = answer(session, ticket, worker, NOW + HOUR)
    by = moves.Act(worker, last_event_id(session, ticket.id), NOW + HOUR)
    moves.wait_for_resident(session, ticket.number, by=by)
    message.state = SendState.REFUSED

    look(NOW + 2 * HOUR)

    assert ticket.state == State.IN_PROGRESS
    assert owes_answer(ticket)


def test_who_was_reached_by_telephone_has_been_answered(
    session: Session, ticket: Ticket, worker: Staff, look: Look
) -> None:
    answer(session, ticket, worker, NOW + HOUR).state = SendState.HELD
    look(NOW + HOUR + MINUTE)
    by = moves.Act(worker, last_event_id(session, ticket.id), NOW + 2 * HOUR)

    moves.try_contact(session, ticket.number, by=by, channel="phone", reached=True)

    assert look(NOW + 3 * HOUR) == 0
    assert not owes_answer(ticket)
    assert ticket.first_reply_at == NOW + 2 * HOUR
    assert kinds(session)[-3:] == ["unsent", "tried", "reached"]
