"""What somebody is looked for, and who was found."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.contracts import Urgency
from bot.db.types import JsonObject
from bot.tickets.tables import Level, Ticket


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody is looked for."""

    service: str
    """Field of work of data/topics.yaml; empty: none in particular."""
    area_code: str
    level: str
    now: datetime
    exclude: Collection[int] = ()
    """Who is not to get it, such as who handed it back."""
    languages: Sequence[str] = ()
    """Languages one of which has to be read; empty: Chinese does."""
    lane: str = ""
    """Confidential lane it runs in: minor, violence, sealed."""
    organisation_id: int | None = None
    """Whose resident wrote."""
    ticket_id: int | None = None
    opened_at: datetime | None = None
    """Of the ticket that waits; without it nobody is asked who came first."""


@dataclass(frozen=True, slots=True)
class Pick:
    """Somebody, or nobody, and the reason as staff read it."""

    staff_id: int | None
    reason: str
    basis: JsonObject = field(default_factory=dict)
    """The same for machines: the rules that decided, and everybody who was considered."""


def wanted_for(ticket: Ticket, *, now: datetime, exclude: Collection[int] = ()) -> Wanted:
    """Return what the ticket needs."""
    return Wanted(
        service=ticket.service,
        area_code=ticket.area_code,
        level=level_of(ticket.urgency, ticket.level),
        now=now,
        exclude=frozenset(exclude),
        languages=tuple(str(language) for language in ticket.facts.get("languages", ())),
        lane=ticket.lane or "",
        organisation_id=ticket.organisation_id,
        ticket_id=ticket.id,
        opened_at=ticket.opened_at,
    )


def level_of(urgency: str, level: str) -> Level:
    """Return the level, which is never less than the urgency says."""
    if urgency == Urgency.CRISIS:
        return Level.CRISIS
    if urgency == Urgency.URGENT:
        return Level.URGENT
    return Level(level or Level.ORDINARY)
