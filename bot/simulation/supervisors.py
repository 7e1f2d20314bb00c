"""What supervisors do: decide, give away what nobody wanted, and call back."""

from datetime import timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.engine import reading, transaction
from bot.errors import RefusedError
from bot.people.tables import Resident, Staff
from bot.simulation.acting import acts, does, there
from bot.simulation.month import Month
from bot.simulation.scenario import DAY, is_silent
from bot.tickets import joining, moves, outcome, routing
from bot.tickets.approvals.deciding import decide, may_decide
from bot.tickets.approvals.tables import Approval
from bot.tickets.clocks.tables import TicketClock
from bot.tickets.tables import ClockKind, CloseCode, State, Ticket

EVERY = timedelta(minutes=60)
CALLS_EACH = 8
AHEAD = timedelta(hours=8)
"""So long before it is due somebody asks whether it is solved."""
WAYS = ("phone", "wechat", "visit")


def supervise(month: Month) -> None:
    """Let the supervisors who are there see to what waits for them."""
    at_work = there(month)
    for staff_id in month.town.supervisors:
        if staff_id in at_work:
            _decide_all(month, staff_id)
            _give_away(month, staff_id, [it for it in month.town.caseworkers if it in at_work])
            _take_apart(month, staff_id)
            _call_back(month, staff_id)
    month.at(month.clock.at + EVERY, lambda: supervise(month))


def _decide_all(month: Month, staff_id: int) -> None:
    with reading(month.line.engine) as session:
        asked = session.scalars(select(Approval.id).where(Approval.decided_at.is_(None))).all()
    for approval_id in asked:
        try:
            with transaction(month.line.engine) as session:
                _decide(month, session, staff_id, approval_id)
        except RefusedError:
            continue


def _decide(month: Month, session: Session, staff_id: int, approval_id: int) -> None:
    found, staff = session.get_one(Approval, approval_id), session.get_one(Staff, staff_id)
    if may_decide(session, found, staff):
        by = acts(month, session, staff_id, session.get_one(Ticket, found.ticket_id))
        decide(session, approval_id, by=by, approved=month.happens("approved"), answer="好")


def _give_away(month: Month, staff_id: int, at_work: list[int]) -> None:
    """Give what was handed back too often to whoever of its field has the least in hand."""
    with reading(month.line.engine) as session:
        stuck = session.execute(
            select(Ticket.number, Ticket.service)
            .where(
                Ticket.state == State.TRIAGE,
                Ticket.lane == "",
                Ticket.hand_backs > routing.MOST_HAND_BACKS,
            )
            .order_by(Ticket.id)
        ).all()
        loads = routing.loads_of(session, at_work)
        people = [session.get_one(Staff, person) for person in at_work]
    for number, service in stuck:
        fit = [it.id for it in people if service in it.services] or at_work
        if fit:
            to = min(fit, key=lambda it: (loads[it].weight, it))
            does(month, staff_id, number, partial(_assign, to))


def _assign(to: int, session: Session, ticket: Ticket, by: moves.Act) -> None:
    moves.assign(session, ticket.number, by=by, to=to, reason="退了几次，先由您来办")


def _take_apart(month: Month, staff_id: int) -> None:
    """Take apart some of what was put together wrongly."""
    with reading(month.line.engine) as session:
        joined = session.scalars(
            select(Ticket.number).where(
                Ticket.state == State.MERGED, Ticket.state_at > month.clock.at - DAY
            )
        ).all()
    for number in joined:
        if month.happens("staff_takes_apart"):
            does(month, staff_id, number, _unmerge)


def _unmerge(session: Session, ticket: Ticket, by: moves.Act) -> None:
    joining.unmerge(session, ticket.number, by=by)


def _call_back(month: Month, staff_id: int) -> None:
    """Ask, before it is due, the residents who have not said whether it is solved."""
    soon = month.clock.at + AHEAD
    with reading(month.line.engine) as session:
        waiting = session.execute(
            select(Ticket, Resident.openid)
            .join(Resident, Resident.id == Ticket.resident_id)
            .join(TicketClock, TicketClock.ticket_id == Ticket.id)
            .where(
                Ticket.state == State.RESOLVED,
                TicketClock.kind == ClockKind.CONFIRM,
                TicketClock.stopped_at.is_(None),
                TicketClock.due_at <= soon,
            )
            .order_by(TicketClock.due_at, Ticket.id)
        ).all()
        tried = {ticket.id: outcome.tries(session, ticket) for ticket, _ in waiting}
    due = [
        (ticket.number, openid, len(tried[ticket.id]))
        for ticket, openid in waiting
        if not tried[ticket.id] or month.clock.at - tried[ticket.id][-1].at > DAY * 0.8
    ]
    for number, openid, times in due[:CALLS_EACH]:
        does(month, staff_id, number, partial(_calls, month, openid, times))


def _calls(
    month: Month, openid: str, times: int, session: Session, ticket: Ticket, by: moves.Act
) -> None:
    if not is_silent(openid) and month.happens("picks_up"):
        solved, said = month.happens("says_solved_on_phone"), "电话里说的"
        outcome.call_back(session, ticket.number, by=by, channel="phone", solved=solved, text=said)
    elif times >= outcome.LEAST_TRIES:
        code, reason = CloseCode.UNREACHABLE, "电话、微信、上门都找不到人"
        outcome.close_without_answer(session, ticket.number, by=by, code=code, reason=reason)
    else:
        way = WAYS[times % len(WAYS)]
        outcome.try_contact(session, ticket.number, by=by, channel=way, reached=False)
