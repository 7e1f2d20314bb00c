"""What staff do in their hours: the most urgent of their matters first, a few at a time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.engine import transaction
from bot.errors import RefusedError
from bot.people.presence import away
from bot.people.tables import Staff
from bot.simulation import residents
from bot.simulation.month import Month
from bot.simulation.scenario import DAY
from bot.tickets import hours, moves, outcome
from bot.tickets.approvals.asking import ask_close, ask_extension
from bot.tickets.approvals.deciding import decide, may_decide
from bot.tickets.approvals.tables import Approval
from bot.tickets.change import last_event_id, owes_answer
from bot.tickets.due import MOST_URGENT_FIRST
from bot.tickets.sealed.opening import unseal
from bot.tickets.tables import LIVE, CloseCode, Level, State, Ticket
from bot.wechat import budget

EVERY = timedelta(minutes=20)
DEEDS_EACH = 2
WHY = "要看过才能决定、才能回访"
SUPERVISORS_EVERY = timedelta(minutes=60)


def work(month: Month) -> None:
    """Let whoever is there work for a while, and residents see what came of it."""
    for staff_id in month.town.caseworkers:
        _in_turn(month, staff_id)
    _answer_pages(month)
    month.sends()
    residents.listen(month)
    month.at(month.clock.at + EVERY, lambda: work(month))


def supervise(month: Month) -> None:
    """Let supervisors decide what waits for them, and ask residents who said nothing."""
    for staff_id in month.town.supervisors:
        with transaction(month.line.engine) as session:
            if not _there(month, session, staff_id):
                continue
            asked = session.scalars(select(Approval.id).where(Approval.decided_at.is_(None))).all()
            stuck = session.scalars(
                select(Ticket.number).where(Ticket.state == State.TRIAGE).order_by(Ticket.id)
            ).all()
            silent = _silent(month, session)
        for approval_id in asked:
            _decide(month, staff_id, approval_id)
        for number in stuck:
            _assign(month, staff_id, number)
        for number in silent:
            if month.happens("called_back"):
                _call_back(month, staff_id, number)
    month.at(month.clock.at + SUPERVISORS_EVERY, lambda: supervise(month))


def _in_turn(month: Month, staff_id: int) -> None:
    with transaction(month.line.engine) as session:
        if not _there(month, session, staff_id):
            return
        numbers = session.scalars(
            select(Ticket.number)
            .where(Ticket.assignee_id == staff_id, Ticket.state.in_(LIVE))
            .order_by(MOST_URGENT_FIRST, Ticket.reply_due_at, Ticket.id)
        ).all()
    done = 0
    for number in numbers:
        done += _deed(month, staff_id, number)
        if done == DEEDS_EACH:
            return


def _deed(month: Month, staff_id: int, number: str) -> bool:
    """Do the next thing about one ticket; False where there is nothing to do about it now."""
    with transaction(month.line.engine) as session:
        ticket = session.scalars(select(Ticket).where(Ticket.number == number)).one()
        by = _act(month, session, staff_id, ticket)
        try:
            return _next(month, session, ticket, by)
        except RefusedError:
            session.rollback()  # what a form would say “cannot be” to
            return False


def _next(month: Month, session: Session, ticket: Ticket, by: moves.Act) -> bool:
    if ticket.state == State.DISPATCHED:
        if month.happens("staff_hands_back"):
            moves.hand_back(session, ticket.number, by=by, reason="不是我管的", code="field")
        else:
            moves.accept(session, ticket.number, by=by)
    elif ticket.state in {State.WAITING_RESIDENT, State.WAITING_PARTNER}:
        return False
    elif owes_answer(ticket):
        _answer(month, session, ticket, by)
    else:
        _carry_on(month, session, ticket, by)
    return True


def _answer(month: Month, session: Session, ticket: Ticket, by: moves.Act) -> None:
    """By WeChat, or by telephone where it takes nothing more."""
    if budget.left(session, ticket.resident_id, now=by.now).left == 0:
        moves.try_contact(session, ticket.number, by=by, channel="phone", reached=True)
        return
    once = f"sim-{next(month.numbers):08d}"
    moves.reply(session, ticket.number, by=by, text="我来问一下，您别急", once=once)


def _carry_on(month: Month, session: Session, ticket: Ticket, by: moves.Act) -> None:
    if ticket.level != Level.CRISIS and month.happens("staff_waits"):
        moves.wait_for_resident(session, ticket.number, by=by)
    elif month.happens("staff_asks_extension"):
        ask_extension(session, ticket.number, by=by, reason="还要等对方单位回话")
    elif month.happens("staff_asks_close"):
        ask_close(
            session,
            ticket.number,
            by=by,
            code=CloseCode.REFERRED_OUT,
            reason="这件事归别的单位管",
            responsible="人社局",
            way_on="去窗口办，打12333",
        )
    elif month.happens("staff_resolves"):
        outcome.resolve(session, ticket.number, by=by, outcome="已经说好，月底前办完")
    else:
        moves.note(session, ticket.number, by=by, text="打了电话，明天再问")


def _answer_pages(month: Month) -> None:
    """Whoever is called in a crisis looks at the phone, day and night."""
    with transaction(month.line.engine) as session:
        calls = session.execute(
            select(Ticket.number, Ticket.assignee_id).where(
                Ticket.level == Level.CRISIS, Ticket.state == State.DISPATCHED
            )
        ).all()
    for number, staff_id in calls:
        if staff_id is not None and month.happens("crisis_page_answered"):
            _deed(month, staff_id, number)
            _deed(month, staff_id, number)


def _decide(month: Month, staff_id: int, approval_id: int) -> None:
    with transaction(month.line.engine) as session:
        found = session.get_one(Approval, approval_id)
        staff = session.get_one(Staff, staff_id)
        if found.decided_at is not None or not may_decide(session, found, staff):
            return
        ticket = session.get_one(Ticket, found.ticket_id)
        by = _with_reason(session, ticket, _act(month, session, staff_id, ticket))
        try:
            decide(session, approval_id, by=by, approved=month.chance.random() < 0.8, answer="好")  # noqa: PLR2004
        except RefusedError:
            session.rollback()


def _assign(month: Month, staff_id: int, number: str) -> None:
    """Give away what nobody wanted; where nobody fits it waits on."""
    with transaction(month.line.engine) as session:
        ticket = session.scalars(select(Ticket).where(Ticket.number == number)).one()
        gone = away(session, month.clock.at)
        there = [it for it in month.town.caseworkers if it not in gone]
        if ticket.state != State.TRIAGE or ticket.lane or ticket.hand_backs == 0 or not there:
            return
        by = _act(month, session, staff_id, ticket)
        to = month.chance.choice(there)
        try:
            moves.assign(session, number, by=by, to=to, reason="退了几次，先由您来办")
        except RefusedError:
            session.rollback()


def _call_back(month: Month, staff_id: int, number: str) -> None:
    with transaction(month.line.engine) as session:
        ticket = session.scalars(select(Ticket).where(Ticket.number == number)).one()
        by = _with_reason(session, ticket, _act(month, session, staff_id, ticket))
        solved = month.chance.random() < 0.8  # noqa: PLR2004
        try:
            outcome.call_back(
                session, number, by=by, channel="phone", solved=solved, text="电话里说的"
            )
        except RefusedError:
            session.rollback()


def _with_reason(session: Session, ticket: Ticket, by: moves.Act) -> moves.Act:
    """Open what is confidential, as a supervisor has to before they read it."""
    if ticket.lane:
        unseal(session, ticket.number, by=by.staff, kind="approval", reason=WHY, now=by.now)
    return replace(by, version=last_event_id(session, ticket.id))


def _silent(month: Month, session: Session) -> Sequence[str]:
    """Return what was done between one and two days ago and is not confirmed."""
    now = month.clock.at
    return session.scalars(
        select(Ticket.number).where(
            Ticket.state == State.RESOLVED,
            Ticket.resolved_at <= now - DAY,
            Ticket.resolved_at > now - DAY - SUPERVISORS_EVERY,
        )
    ).all()


def _there(month: Month, session: Session, staff_id: int) -> bool:
    now = month.clock.at
    working = hours.is_open(now, office=hours.office(session, month.line.tools.settings))
    return working and staff_id not in away(session, now)


def _act(month: Month, session: Session, staff_id: int, ticket: Ticket) -> moves.Act:
    staff = session.get_one(Staff, staff_id)
    return moves.Act(staff, last_event_id(session, ticket.id), month.clock.at)
