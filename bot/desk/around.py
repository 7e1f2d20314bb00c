"""Everybody a ticket's page names: colleagues with what they hold, who is there, own drafts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from bot.desk import presence
from bot.desk.presence import There
from bot.desk.tables import Draft, Presence
from bot.people.tables import Staff
from bot.tickets.tables import LIVE, Ticket


@dataclass(frozen=True, slots=True)
class Around:
    """The people around a ticket, as one of them sees it."""

    people: Mapping[int, Staff]
    held: Mapping[int, int]
    """How many live tickets each has."""
    there: Sequence[There] = ()
    """Who else has the ticket open."""
    drafts: Mapping[str, Sequence[Draft]] = field(default_factory=dict)
    """The reader's own, the newest first."""


def around(session: Session, ticket: Ticket, staff: Staff, *, now: datetime) -> Around:
    """Return the people around the ticket, in one query: a page has few."""
    held = (
        select(func.count())
        .where(Ticket.assignee_id == Staff.id, Ticket.state.in_(LIVE))
        .correlate(Staff)
        .scalar_subquery()
    )
    here = and_(Presence.staff_id == Staff.id, Presence.ticket_id == ticket.id)
    own = and_(
        Draft.staff_id == Staff.id, Draft.ticket_id == ticket.id, Draft.staff_id == staff.id
    )
    rows = session.execute(
        select(Staff, held, Presence, Draft)
        .outerjoin(Presence, here)
        .outerjoin(Draft, own)
        .order_by(Staff.id, Draft.written_at.desc(), Draft.id.desc())
    ).all()
    others = {person.id: (row, person.name) for person, _, row, _ in rows if person != staff}
    drafts: dict[str, list[Draft]] = {}
    for _, _, _, draft in rows:
        if draft is not None:
            drafts.setdefault(draft.kind, []).append(draft)
    found = (presence.seen(row, name, now=now) for row, name in others.values())
    return Around(
        people={person.id: person for person, *_ in rows},
        held={person.id: count for person, count, *_ in rows},
        there=[one for one in found if one is not None],
        drafts=drafts,
    )
