"""What a resident does with their ticket, in the chat."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.conversation.tables import Speaker
from bot.notices.tables import NoticeKind
from bot.settings import Settings
from bot.tickets import hours
from bot.tickets.allowed import refuse_unless_allowed
from bot.tickets.change import heard, let_speak, locked, note_event
from bot.tickets.clocks.rules import load_rules
from bot.tickets.hours import Office
from bot.tickets.joining import free_strand
from bot.tickets.outcome import code_of_outcome, goes_on
from bot.tickets.supervisors import tell_supervisors
from bot.tickets.tables import Level, State, Ticket, TicketLink
from bot.tickets.telling import tell_of_words


def resident_wrote(session: Session, ticket: Ticket, *, now: datetime, settings: Settings) -> None:
    """Note that the resident wrote: an answer is owed, and nobody waits for them any longer."""
    del settings  # the calendar is only asked for where a clock starts
    locked(session, ticket, now=now)
    heard(session, ticket, now=now)
    tell_of_words(session, ticket, now=now)
    pass_on(session, ticket, now=now)


def pass_on(session: Session, ticket: Ticket, *, now: datetime) -> Ticket:
    """
    Let who works on the ticket that this one was merged into know that somebody wrote.

    Returns:
        The ticket that is worked on, locked.
    """
    if ticket.state != State.MERGED or ticket.merged_into_id is None:
        return ticket
    other = session.get_one(Ticket, ticket.merged_into_id, with_for_update=True)
    note_event(session, other, "joined_in", now=now, other=ticket.number)
    heard(session, other, now=now)
    tell_of_words(session, other, now=now)
    return other


def withdraw(session: Session, ticket: Ticket, *, now: datetime) -> bool:
    """
    Close the ticket at the resident's word.

    False in a crisis: somebody may be made to write that, so a person speaks
    with them first.
    """
    locked(session, ticket, now=now)
    refuse_unless_allowed(ticket, "withdraw")
    if ticket.level == Level.CRISIS:
        note_event(session, ticket, "withdraw_wanted", now=now, by="resident")
        tell_supervisors(session, ticket, NoticeKind.NEW_MESSAGE, now=now)
        return False
    note_event(session, ticket, "withdrawn", now=now, by="resident")
    let_speak(session, ticket, Speaker.BOT, now=now)
    return True


def rate(
    session: Session,
    ticket: Ticket,
    *,
    solved: bool,
    now: datetime,
    settings: Settings,
) -> Ticket:
    """Close the ticket as solved, or let the same person go on with it."""
    del settings
    locked(session, ticket, now=now)
    refuse_unless_allowed(ticket, "rate_solved" if solved else "rate_unsolved")
    if not solved:
        ticket.strand = free_strand(session, ticket)
    code = code_of_outcome(session, ticket)
    note_event(session, ticket, "rated", now=now, by="resident", solved=solved, code=code)
    if solved:
        let_speak(session, ticket, Speaker.BOT, now=now)
    else:
        goes_on(session, ticket, now=now)
    session.flush()
    return ticket


def take_up_again(session: Session, ticket: Ticket, *, now: datetime, settings: Settings) -> bool:
    """Go on with a done ticket at the resident's word; False where that is too long ago."""
    office = hours.office(session, settings, organisation_id=ticket.organisation_id)
    return again(session, ticket, now=now, office=office)


def again(session: Session, ticket: Ticket, *, now: datetime, office: Office) -> bool:
    """
    Go on with a done ticket under its number, inside the window.

    Raises:
        InvalidInputError: it is not done.
    """
    locked(session, ticket, now=now)
    refuse_unless_allowed(ticket, "take_up_again")
    if ticket.closed_at is not None:
        until = hours.end_of_day(ticket.closed_at, load_rules().reopen_work_days, office)
        if now > until:
            return False
    ticket.strand = free_strand(session, ticket)
    note_event(session, ticket, "reopened", now=now, office=office, by="resident")
    goes_on(session, ticket, now=now)
    return True


def follow_up(session: Session, ticket: Ticket, before: Ticket, *, now: datetime) -> None:
    """Note that a new ticket goes on with one that ended too long ago."""
    link = {"kind": "follow_up", "at": now}
    session.add(TicketLink(ticket_id=before.id, other_id=ticket.id, **link))
    note_event(session, ticket, "linked", now=now, other=before.number, how="follow_up")
    note_event(session, before, "linked", now=now, other=ticket.number, how="follow_up")
