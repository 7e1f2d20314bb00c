"""Tickets that belong together: merged and taken apart again, linked, split."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, delete, or_, select
from sqlalchemy.orm import Session

from bot.conversation.tables import Speaker
from bot.db.types import JsonObject
from bot.errors import InvalidInputError
from bot.knowledge.topics import NO_TOPIC
from bot.tickets import hours, scope, sharing
from bot.tickets.acting import Act, required, take_up
from bot.tickets.alarm.ladder import sound
from bot.tickets.allowed import STATE_NAMES, check_unchanged, refuse_unless_allowed
from bot.tickets.change import let_speak, locked_together, note_event, route
from bot.tickets.clocks.policy import RANK
from bot.tickets.registering import Matter, register
from bot.tickets.tables import LIVE, Level, State, Ticket, TicketEvent, TicketLink

SUMMARY_LENGTH = 80


def free_strand(session: Session, ticket: Ticket) -> int:
    """Return the lowest strand that no other live ticket of the resident has."""
    return _free(session, ticket.resident_id, but=ticket.id)


def senders(session: Session, ticket: Ticket) -> list[Ticket]:
    """Return the tickets of others that were merged into this one: they wait for its outcome."""
    found = session.scalars(
        select(Ticket)
        .where(Ticket.merged_into_id == ticket.id, Ticket.resident_id != ticket.resident_id)
        .order_by(Ticket.id)
    )
    return list({other.resident_id: other for other in found}.values())


def merge(
    session: Session, number: str, *, by: Act, into: str, other_person: bool = False
) -> Ticket:
    """
    Let a ticket go on in another; nothing is deleted, and it can be taken out again.

    Raises:
        InvalidInputError: the other one is not live, is the same, or is another
            person's and nobody said that this is meant.
    """
    ticket, target = scope.find(session, number, staff=by.staff), _other(session, into, by)
    if ticket.id == target.id:
        msg = "不能并入自己，请写另一件的编号。"
        raise InvalidInputError(msg)
    joined = _merged_into(session, ticket)
    locked_together(session, [ticket, target, *joined], now=by.now)
    refuse_unless_allowed(ticket, "merge", by.staff)
    check_unchanged(session, ticket, by.staff, by.version)
    if target.state not in LIVE:
        msg = f"编号 {target.number} 现在是“{STATE_NAMES[State(target.state)]}”，不能并到那里。"
        raise InvalidInputError(msg)
    if ticket.resident_id != target.resident_id and not other_person:
        msg = "这是两位居民的事。确实是同一件事，请勾选“不同的人，同一件事”。"
        raise InvalidInputError(msg)
    sharing.refuse_foreign(session, [ticket, *joined], target)
    for each in (ticket, *joined):
        _put_into(session, each, target, by)
    if RANK.get(Level(ticket.level), 0) > RANK.get(Level(target.level), 0):
        levels: JsonObject = {"before": target.level, "after": ticket.level}
        note_event(session, target, "level", now=by.now, staff=by.staff, **levels)
        if target.level == Level.CRISIS:
            sound(session, target, now=by.now)  # nobody is called to what was merged
    let_speak(session, ticket, Speaker.BOT, now=by.now)
    session.flush()  # its strand is free only now
    target.strand = free_strand(session, target)
    return target


def unmerge(session: Session, number: str, *, by: Act) -> Ticket:
    """Let a merged ticket go on by itself, from where it stood."""
    ticket = scope.find(session, number, staff=by.staff)
    refuse_unless_allowed(ticket, "unmerge", by.staff)
    target = session.get_one(Ticket, ticket.merged_into_id)
    locked_together(session, [ticket, target], now=by.now)
    refuse_unless_allowed(ticket, "unmerge", by.staff)
    was = session.scalars(_events(ticket, "merged")).first()
    data = was.data if was else {"state": State.IN_PROGRESS}
    state = State(data["state"])
    owner = data.get("owner")
    if state in {State.WAITING_RESIDENT, State.WAITING_PARTNER}:
        state = State.IN_PROGRESS
    if state in LIVE:
        ticket.strand = free_strand(session, ticket)
    since = (was.at if was else by.now).isoformat()
    said: JsonObject = {"state": str(state), "owner": owner, "since": since, "from": target.number}
    note_event(session, ticket, "unmerged", now=by.now, staff=by.staff, **said)
    sooner = _taken_from(session, target, ticket)
    note_event(
        session, target, "gave_out", now=by.now, staff=by.staff, other=ticket.number, sooner=sooner
    )
    return ticket


def split(
    session: Session,
    number: str,
    *,
    by: Act,
    summary: str,
    topic: str = NO_TOPIC,
    keep: bool = True,
) -> Ticket:
    """
    Open a ticket of its own for a second matter; messages go on to the first.

    With *keep* whoever splits has it in hand at once, else the rules pick.
    """
    ticket = take_up(session, number, "split", by)
    check_unchanged(session, ticket, by.staff, by.version)
    words = required(summary, "请写另一件是什么事。")
    matter = _beside(session, ticket, topic=topic, summary=words[:SUMMARY_LENGTH])
    office = hours.office(session, organisation_id=ticket.organisation_id)
    made = register(session, matter, now=by.now, office=office, staff=by.staff)
    _link(session, ticket, made, "split", by)
    # Whoever splits it is speaking with the resident, who has a number already.
    note_event(session, made, "acknowledged", now=by.now)
    note_event(session, ticket, "split", now=by.now, staff=by.staff, text=words, other=made.number)
    if keep:
        why = f"{by.staff.name}接手"
        note_event(session, made, "accepted", now=by.now, staff=by.staff, reason=why)
    else:
        route(session, made, now=by.now)
    return made


def link(session: Session, number: str, *, by: Act, other: str) -> Ticket:
    """Note that two tickets have to do with each other."""
    ticket, found = take_up(session, number, "link", by), _other(session, other, by)
    if ticket.id == found.id:
        msg = "请写另一件的编号。"
        raise InvalidInputError(msg)
    if not session.scalar(select(TicketLink.id).where(_between(ticket, found))):
        _link(session, ticket, found, "related", by)
        note_event(session, ticket, "linked", now=by.now, staff=by.staff, other=found.number)
        note_event(session, found, "linked", now=by.now, staff=by.staff, other=ticket.number)
    return ticket


def unlink(session: Session, number: str, *, by: Act, other: str) -> Ticket:
    """Take back that two tickets have to do with each other; that one came of the other stays."""
    ticket, found = take_up(session, number, "unlink", by), _other(session, other, by)
    related = TicketLink.kind == "related"
    gone = delete(TicketLink).where(_between(ticket, found), related).returning(TicketLink.id)
    if session.scalars(gone).all():
        note_event(session, ticket, "unlinked", now=by.now, staff=by.staff, other=found.number)
    return ticket


def _beside(session: Session, ticket: Ticket, *, topic: str, summary: str) -> Matter:
    """Return a second matter of the same resident."""
    return Matter(
        resident_id=ticket.resident_id,
        intent=ticket.intent,
        level=Level.ORDINARY,
        topic=topic,
        summary=summary,
        facts={},
        area_code=ticket.area_code,
        organisation_id=ticket.organisation_id,
        lane=ticket.lane,
        strand=_free(session, ticket.resident_id, but=0),
        parent_id=ticket.id,
    )


def _put_into(session: Session, ticket: Ticket, target: Ticket, by: Act) -> None:
    owner = target.assignee_id or by.staff.id
    standing = session.scalars(_events(ticket, "merged")).first()
    again = ticket.state == State.MERGED and standing is not None
    said: JsonObject = {
        "into_id": target.id,
        "into": target.number,
        "to": owner,
        "state": standing.data["state"] if again and standing else str(ticket.state),
        "owner": standing.data["owner"] if again and standing else ticket.assignee_id,
    }
    due = {
        clock.kind: clock.due_at.isoformat() for clock in ticket.clocks if clock.stopped_at is None
    }
    note_event(session, ticket, "merged", now=by.now, staff=by.staff, **said)
    note_event(
        session, target, "took_in", now=by.now, staff=by.staff, other=ticket.number, sooner=due
    )


def _merged_into(session: Session, ticket: Ticket) -> list[Ticket]:
    return list(session.scalars(select(Ticket).where(Ticket.merged_into_id == ticket.id)))


def _taken_from(session: Session, target: Ticket, ticket: Ticket) -> dict[str, object]:
    """What the merge changed of the target's promises, to be taken back."""
    for event in session.scalars(_events(target, "took_in")):
        if event.data.get("other") == ticket.number:
            return {
                effect["kind"]: {"not_after": effect["not_after"], "was": effect["was"]}
                for effect in event.data.get("clocks", [])
                if effect["do"] == "sooner"
            }
    return {}


def _events(ticket: Ticket, kind: str) -> Select[TicketEvent]:
    return (
        select(TicketEvent)
        .where(TicketEvent.ticket_id == ticket.id, TicketEvent.kind == kind)
        .order_by(TicketEvent.id.desc())
    )


def _other(session: Session, number: str, by: Act) -> Ticket:
    said = number.strip()
    found = session.scalar(scope.of_number(said, by.staff))
    if found is None:
        msg = f"没有找到编号 {said}，请核对。" if said else "请写另一件的编号。"
        raise InvalidInputError(msg)
    return found


def _between(ticket: Ticket, other: Ticket) -> ColumnElement[bool]:
    one = (TicketLink.ticket_id == ticket.id) & (TicketLink.other_id == other.id)
    return or_(one, (TicketLink.ticket_id == other.id) & (TicketLink.other_id == ticket.id))


def _link(session: Session, ticket: Ticket, other: Ticket, kind: str, by: Act) -> None:
    session.add(
        TicketLink(
            ticket_id=ticket.id, other_id=other.id, kind=kind, staff_id=by.staff.id, at=by.now
        )
    )
    session.flush()


def _free(session: Session, resident_id: int, *, but: int) -> int:
    taken: Sequence[int] = session.scalars(
        select(Ticket.strand).where(
            Ticket.resident_id == resident_id, Ticket.state.in_(LIVE), Ticket.id != but
        )
    ).all()
    return next(number for number in range(len(taken) + 1) if number not in taken)
