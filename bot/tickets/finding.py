"""Searching tickets: by number, alias, caseworker, and by what was said, within the scope."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from bot.finding import grams
from bot.finding.tables import TicketGram
from bot.finding.texts import texts_of
from bot.people.tables import Resident, Role, Staff
from bot.tickets.tables import Ticket

AT_A_TIME = 100
MOST_READ = 400
"""Of so many tickets that have all parts of a phrase the texts are read to find the phrase."""
BEFORE, AFTER = 12, 30


@dataclass(frozen=True, slots=True)
class Quote:
    """Where the words stand in what was said."""

    before: str
    hit: str
    after: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A ticket that may be meant."""

    ticket_id: int
    named: bool
    """By its number, the alias or the caseworker: no text need have the words."""


@dataclass(frozen=True, slots=True)
class Found:
    """The tickets that are meant, in the order asked for."""

    ticket_ids: Sequence[int]
    complete: bool
    """Whether every candidate was looked at."""


def named(words: str) -> ColumnElement[bool]:
    """Return the condition for a part of the number, or of the caseworker's name."""
    return or_(
        Ticket.number.contains(words, autoescape=True),
        Staff.name.contains(words, autoescape=True),
    )


def called(words: str) -> ColumnElement[bool]:
    """Return the condition for a part of the resident's alias."""
    alias = words.upper().removeprefix("居民").strip()
    if not (alias.isascii() and alias.isalnum()):
        return false()
    return Resident.alias.contains(alias, autoescape=True)


def said(words: str, staff: Staff) -> ColumnElement[bool]:
    """
    Return the condition for tickets that have every part of the words somewhere.

    A phone leads from a number to a person's story: only who has the ticket in
    hand, or supervises, finds by one.
    """
    terms = grams.terms(words)
    parts = {gram for term in terms for gram in grams.wanted(term)}
    if not parts:
        return false()
    having = (
        select(TicketGram.ticket_id)
        .where(TicketGram.gram.in_(parts))
        .group_by(TicketGram.ticket_id)
        .having(func.count() == len(parts))
    )
    permitted: ColumnElement[bool] = true()
    if any(grams.is_phone(term) for term in terms) and staff.role != Role.SUPERVISOR:
        permitted = Ticket.assignee_id == staff.id
    return and_(Ticket.id.in_(having), permitted)


def confirmed(
    session: Session, candidates: Sequence[Candidate], words: str, *, most: int
) -> Found:
    """Return the first *most* candidates that hold the words as they were written."""
    terms = grams.terms(words)
    if all(grams.sure(term) for term in terms):
        return Found([one.ticket_id for one in candidates[:most]], complete=True)
    found: list[int] = []
    for start in range(0, min(len(candidates), MOST_READ), AT_A_TIME):
        part = candidates[start : start + AT_A_TIME]
        found.extend(_holding(session, part, terms))
        if len(found) >= most:
            return Found(found[:most], complete=True)
    return Found(found, complete=len(candidates) <= MOST_READ)


def quotes(session: Session, ticket_ids: Sequence[int], words: str) -> dict[int, Quote]:
    """Return for each ticket the place where the longest of the words stands."""
    longest = max(grams.terms(words), key=len, default="")
    found = {}
    for ticket_id, texts in texts_of(session, ticket_ids).items():
        quote = next((quote for text in texts if (quote := _quote(text, longest))), None)
        if quote:
            found[ticket_id] = quote
    return found


def _holding(
    session: Session, candidates: Sequence[Candidate], terms: Sequence[str]
) -> Iterator[int]:
    unsure = [one.ticket_id for one in candidates if not one.named]
    texts = texts_of(session, unsure) if unsure else {}
    for one in candidates:
        if one.named or _has_all(texts[one.ticket_id], terms):
            yield one.ticket_id


def _has_all(texts: Sequence[str], terms: Sequence[str]) -> bool:
    # A line end parts what was never said together.
    whole = "\n".join(map(grams.normal, texts))
    return all(term in whole for term in terms)


def _quote(text: str, term: str) -> Quote | None:
    flat = " ".join(text.split())
    at = flat.casefold().find(term) if term else -1
    if at < 0:
        return None
    end = at + len(term)
    start = max(0, at - BEFORE)
    before = ("…" if start else "") + flat[start:at]
    return Quote(before, flat[at:end], flat[end : end + AFTER])
