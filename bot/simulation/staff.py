"""What caseworkers do in their hours: the most urgent of their matters first, a few at a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.engine import reading
from bot.simulation import residents
from bot.simulation.acting import does, notes, replies, there
from bot.simulation.month import Month
from bot.tickets import joining, moves, outcome
from bot.tickets.approvals.asking import ask_close, ask_extension
from bot.tickets.change import owes_answer
from bot.tickets.due import MOST_URGENT_FIRST
from bot.tickets.tables import LIVE, CloseCode, Level, State, Ticket
from bot.wechat import budget

EVERY = timedelta(minutes=20)
DEEDS_EACH = 2
WAITS = (State.WAITING_RESIDENT, State.WAITING_PARTNER)


@dataclass(frozen=True, slots=True)
class Matter:
    """What somebody sees of a ticket before they do something with it."""

    number: str
    resident_id: int
    state: str
    level: str
    strand: int
    owed: bool
    left: int
    """How many messages WeChat still takes for the resident."""


def work(month: Month) -> None:
    """Let whoever is there work for a while, and residents see what came of it."""
    at_work = there(month)
    for staff_id in month.town.caseworkers:
        if staff_id in at_work:
            _in_turn(month, staff_id)
    month.sends()
    residents.listen(month)
    month.at(month.clock.at + EVERY, lambda: work(month))


def _in_turn(month: Month, staff_id: int) -> None:
    done = 0
    for matter in _matters(month, staff_id):
        done += _next(month, staff_id, matter)
        if done == DEEDS_EACH:
            return


def _matters(month: Month, staff_id: int) -> list[Matter]:
    with reading(month.line.engine) as session:
        found = session.scalars(
            select(Ticket)
            .where(
                Ticket.assignee_id == staff_id, Ticket.state.in_(LIVE), Ticket.state.not_in(WAITS)
            )
            .order_by(MOST_URGENT_FIRST, Ticket.reply_due_at, Ticket.id)
        )
        return [_matter(session, ticket, month.clock.at) for ticket in found]


def _matter(session: Session, ticket: Ticket, now: datetime) -> Matter:
    return Matter(
        number=ticket.number,
        resident_id=ticket.resident_id,
        state=ticket.state,
        level=ticket.level,
        strand=ticket.strand,
        owed=owes_answer(ticket),
        left=budget.left(session, ticket.resident_id, now=now).left,
    )


def _next(month: Month, staff_id: int, matter: Matter) -> bool:
    """Do the next thing about one ticket; False where there is nothing to do about it now."""
    number = matter.number
    if matter.state == State.DISPATCHED:
        return does(month, staff_id, number, _hand_back if _refuses(month) else _accept)
    if matter.owed and not matter.left:
        return does(month, staff_id, number, _telephone)
    if matter.owed:
        return replies(month, staff_id, number, "我来问一下，您别急")
    if month.happens("staff_tells_more"):
        return replies(month, staff_id, number, f"又问到一点：{next(month.numbers)}号窗口可以办")
    return _carry_on(month, staff_id, matter)


def _carry_on(month: Month, staff_id: int, matter: Matter) -> bool:
    number = matter.number
    if matter.strand and month.happens("staff_merges"):
        return _merges(month, staff_id, matter)
    for name, deed in (
        ("staff_waits", _wait),
        ("staff_asks_extension", _ask_extension),
        ("staff_asks_close", _ask_close),
        ("staff_splits", _split),
        ("staff_resolves", _resolve),
    ):
        calm = matter.level != Level.CRISIS or name == "staff_resolves"
        if calm and month.happens(name):
            return does(month, staff_id, number, deed)
    return notes(month, staff_id, number, f"打了电话，明天再问。第{next(month.numbers)}次")


def _refuses(month: Month) -> bool:
    return month.happens("staff_hands_back")


def _merges(month: Month, staff_id: int, matter: Matter) -> bool:
    """Put a resident's second matter into their first, where both are in these hands."""
    with reading(month.line.engine) as session:
        into = session.scalar(
            select(Ticket.number).where(
                Ticket.resident_id == matter.resident_id,
                Ticket.assignee_id == staff_id,
                Ticket.state.in_(LIVE),
                Ticket.number != matter.number,
            )
        )

    def deed(session: Session, ticket: Ticket, by: moves.Act) -> None:
        joining.merge(session, ticket.number, by=by, into=str(into))

    return into is not None and does(month, staff_id, matter.number, deed)


def _hand_back(session: Session, ticket: Ticket, by: moves.Act) -> None:
    moves.hand_back(session, ticket.number, by=by, reason="不是我管的", code="field")


def _accept(session: Session, ticket: Ticket, by: moves.Act) -> None:
    moves.accept(session, ticket.number, by=by)


def _telephone(session: Session, ticket: Ticket, by: moves.Act) -> None:
    moves.try_contact(session, ticket.number, by=by, channel="phone", reached=True)


def _wait(session: Session, ticket: Ticket, by: moves.Act) -> None:
    moves.wait_for_resident(session, ticket.number, by=by)


def _ask_extension(session: Session, ticket: Ticket, by: moves.Act) -> None:
    ask_extension(session, ticket.number, by=by, reason="还要等对方单位回话")


def _ask_close(session: Session, ticket: Ticket, by: moves.Act) -> None:
    ask_close(
        session,
        ticket.number,
        by=by,
        code=CloseCode.REFERRED_OUT,
        reason="这件事归别的单位管",
        responsible="人社局",
        way_on="去窗口办，打12333",
    )


def _split(session: Session, ticket: Ticket, by: moves.Act) -> None:
    joining.split(session, ticket.number, by=by, summary="还有一件：娃娃转学的手续")


def _resolve(session: Session, ticket: Ticket, by: moves.Act) -> None:
    outcome.resolve(session, ticket.number, by=by, outcome="已经说好，月底前办完")
