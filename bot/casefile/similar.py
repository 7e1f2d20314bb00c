"""Past tickets that tell much the same story, and how they ended; within what one may see."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from bot.finding.grams import kept, normal
from bot.finding.tables import TicketGram
from bot.inbox import InboundMessage
from bot.people.tables import Staff
from bot.tickets.scope import visible
from bot.tickets.sharing import without_guardian
from bot.tickets.tables import CloseCode, State, Ticket

CANDIDATES = 300
"""Done tickets that are compared: of the same topic first, the newest first."""
MOST = 3
LEAST_SHARE = 0.06
"""Of what is particular in this story, so much must be in the other."""
MOST_GRAMS = 600
SHORTEST_PHRASE, LONGEST_PHRASE, MOST_PHRASES = 2, 6, 4
_PRIOR = 20
"""Few tickets say little of what is rare: as many more are taken to hold nothing of it."""
_RARE = 1.5
"""A rare phrase says more than two common ones."""
_BY_LENGTH = 0.5
_OTHER_TOPIC = 0.5
"""What a story counts for where the machine or somebody said it is of another topic."""
_EMPTY = (CloseCode.SPAM, CloseCode.DUPLICATE)
"""How it ended says nothing about this one."""


@dataclass(frozen=True, slots=True)
class Similar:
    """One past ticket, how much of the story it shares, and in which words."""

    ticket: Ticket
    share: float
    words: Sequence[str]


def of_ticket(session: Session, ticket: Ticket, staff: Staff) -> list[Similar]:
    """Return up to three done tickets that share most of what is particular here."""
    story = "\n".join(told(session, ticket))
    own = set(sorted(kept(story))[:MOST_GRAMS])
    others = _candidates(session, ticket, staff)
    held = _held(session, [it.id for it in others], own)
    weights = _weights(own, held, len(others))
    whole = sum(weights.values())
    if not whole:
        return []
    shares = {it: sum(weights[gram] for gram in held[it]) / whole for it in held}
    near = [it for it in others if shares.get(it.id, 0.0) >= LEAST_SHARE]
    length = _lengths(session, [it.id for it in near])
    usual = sum(length.values()) / max(1, len(length))
    # A long story holds some of everything.
    worth = {it: shares[it] / (1 - _BY_LENGTH + _BY_LENGTH * length[it] / usual) for it in length}
    of_topic = {it.id: 1.0 if it.topic == ticket.topic else _OTHER_TOPIC for it in near}
    best = sorted(near, key=lambda it: (-worth[it.id] * of_topic[it.id], -it.id))[:MOST]
    texts = _stories(session, [it.id for it in best])
    return [Similar(it, shares[it.id], _phrases(story, texts[it.id], weights)) for it in best]


def told(session: Session, ticket: Ticket) -> list[str]:
    """Return what the resident wrote in the ticket, oldest first."""
    return _stories(session, [ticket.id])[ticket.id]


def _candidates(session: Session, ticket: Ticket, staff: Staff) -> Sequence[Ticket]:
    alike = case((Ticket.topic == ticket.topic, 0), (Ticket.service == ticket.service, 1), else_=2)
    return session.scalars(
        select(Ticket)
        .where(
            visible(staff),
            Ticket.id != ticket.id,
            Ticket.state.in_((State.RESOLVED, State.CLOSED)),
            Ticket.close_code.is_(None) | Ticket.close_code.not_in(_EMPTY),
            Ticket.outcome != "",
            ~without_guardian(),
        )
        .order_by(alike, Ticket.id.desc())
        .limit(CANDIDATES)
    ).all()


def _held(
    session: Session, ticket_ids: Sequence[int], own: AbstractSet[int]
) -> Mapping[int, AbstractSet[int]]:
    """Which of our grams each of the tickets holds."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = session.execute(
        select(TicketGram.ticket_id, TicketGram.gram).where(
            TicketGram.ticket_id.in_(ticket_ids), TicketGram.gram.in_(own)
        )
    )
    for ticket_id, gram in rows:
        found[ticket_id].add(gram)
    return found


def _weights(
    own: AbstractSet[int], held: Mapping[int, AbstractSet[int]], count: int
) -> dict[int, float]:
    """What many stories hold says little, what hardly any holds says most."""
    holders = Counter(gram for grams in held.values() for gram in grams)
    return {gram: math.log((count + _PRIOR) / (holders[gram] + 0.5)) ** _RARE for gram in own}


def _lengths(session: Session, ticket_ids: Sequence[int]) -> dict[int, int]:
    """How much each ticket holds altogether."""
    counted = (
        select(TicketGram.ticket_id, func.count())
        .where(TicketGram.ticket_id.in_(ticket_ids))
        .group_by(TicketGram.ticket_id)
    )
    return {row[0]: row[1] for row in session.execute(counted)}


def _stories(session: Session, ticket_ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {ticket_id: [] for ticket_id in ticket_ids}
    rows = session.execute(
        select(InboundMessage.ticket_id, InboundMessage.text)
        .where(InboundMessage.ticket_id.in_(ticket_ids), InboundMessage.text != "")
        .order_by(InboundMessage.id)
    )
    for ticket_id, text in rows:
        if ticket_id is not None:
            found[ticket_id].append(text)
    return found


def _phrases(story: str, other: Sequence[str], weights: Mapping[int, float]) -> list[str]:
    """The phrases that both hold and few others do, none within another."""
    mine, theirs = normal(story), normal("\n".join(other))
    shared = {
        phrase
        for length in range(SHORTEST_PHRASE, LONGEST_PHRASE + 1)
        for at in range(len(mine) - length + 1)
        if " " not in (phrase := mine[at : at + length]) and phrase in theirs
    }
    worth = {it: sum(weights.get(gram, 0.0) for gram in kept(it)) for it in shared}
    found: list[str] = []
    for phrase in sorted(shared, key=lambda it: (-worth[it], it)):
        if not any(phrase in longer or longer in phrase for longer in found):
            found.append(phrase)
        if len(found) == MOST_PHRASES:
            break
    return found
