"""Whatever is done to tickets, in whatever order: they are what their logs say."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import Engine, Select, select
from sqlalchemy.orm import Session

from bot.contracts import Intent, Urgency
from bot.errors import YunqiaoError
from bot.people.consent import Object, Said
from bot.people.tables import Role, Staff
from bot.privacy.tables import ConsentKind, How
from bot.settings import Settings
from bot.tickets import agreeing, check, escalation, joining, moves, recounting, watching
from bot.tickets.approvals import asking, deciding
from bot.tickets.approvals.tables import Approval
from bot.tickets.machine import BY_NAME
from bot.tickets.opening import open_ticket
from bot.tickets.tables import LIVE, CloseCode, Level, State, Ticket, TicketEvent
from bot.workdays.change import put_day
from tests.builders import a_caseworker, a_resident
from tests.conftest import NOW

# Each deed, and the row of the table it needs; none: it is always worth a try.
OWN_ROW = (
    "accept reply wait hand_back resolve call_back close reopen take_up_again withdraw"
    " merge unmerge split relevel ask_close partner_answered supervise"
)
DEEDS = {name: name for name in OWN_ROW.split()} | {
    "solved": "rate_solved",
    "unsolved": "rate_unsolved",
    "calm": "ask_calm",
    "extend": "ask_extension",
    "partner": "ask_partner",
    **dict.fromkeys(("write", "urgent", "crisis", "grant", "refuse", "timetable", "holiday"), ""),
}
STEP = st.tuples(
    st.integers(0, 10_000), st.integers(0, 3), st.integers(0, 3), st.integers(1, 4000)
)


def deed_for(ticket: Ticket, number: int) -> str:
    """One of what the table allows from here, so that lives become long."""
    rows = [name for name, row in DEEDS.items() if not row or ticket.state in BY_NAME[row].start]
    return rows[number % len(rows)]


class World:
    """A few people, a few tickets, and a clock that only goes on."""

    def __init__(self, session: Session, conf: Settings) -> None:
        self.session, self.conf, self.now = session, conf, NOW
        self.staff = [
            a_caseworker(session),
            a_caseworker(session),
            a_caseworker(session, role=Role.SUPERVISOR),
            a_caseworker(session, role=Role.SUPERVISOR),
        ]
        self.residents = [a_resident(session), a_resident(session)]
        self.write(0, Urgency.NORMAL)
        self.write(1, Urgency.NORMAL)
        self.once = 0

    def write(self, who: int, urgency: Urgency) -> None:
        open_ticket(
            self.session,
            resident=self.residents[who % 2],
            intent=Intent.DISPUTE if who % 2 else Intent.HELP_REQUEST,
            urgency=urgency,
            topic="wages",
            text="还没给钱",
            facts={},
            area_code="",
            now=self.now,
            settings=self.conf,
        )

    def act(self, who: int) -> moves.Act:
        return moves.Act(self.staff[who % 4], 10**9, self.now)

    def ticket(self, which: int) -> Ticket:
        found = self.session.scalars(select(Ticket).order_by(Ticket.id)).all()
        return found[which % len(found)]

    def owner(self, ticket: Ticket, otherwise: int) -> moves.Act:
        """Who has it, mostly; else somebody, who may be refused."""
        person = self.session.get(Staff, ticket.assignee_id) if ticket.assignee_id else None
        return moves.Act(person or self.staff[otherwise % 4], 10**9, self.now)


def do(world: World, deed: str, which: int, who: int) -> None:
    world.once += 1
    ticket, by = world.ticket(which), world.act(who)
    own, other = world.owner(ticket, who), world.ticket(which + 1)
    found = {
        **by_residents(world, ticket, who),
        **by_its_owner(world, ticket.number, own, who),
        **by_anybody(world, ticket.number, by, who),
        **of_several(world, ticket.number, by, other.number),
    }
    found[deed]()


Deeds = dict[str, Callable[[], object]]
WHY: dict[str, Any] = {"reason": "有原因"}


def by_residents(world: World, ticket: Ticket, who: int) -> Deeds:
    session, now, conf = world.session, world.now, world.conf
    return {
        "write": lambda: world.write(who, Urgency.NORMAL),
        "urgent": lambda: world.write(who, Urgency.URGENT),
        "crisis": lambda: world.write(who, Urgency.CRISIS),
        "solved": lambda: rate(world, ticket, solved=True),
        "unsolved": lambda: rate(world, ticket, solved=False),
        "take_up_again": lambda: moves.take_up_again(session, ticket, now=now, settings=conf),
        "withdraw": lambda: moves.withdraw(session, ticket, now=now),
        "timetable": lambda: escalation.attend(session, now=now, settings=conf),
        "holiday": lambda: a_holiday(world),
    }


def by_its_owner(world: World, number: str, own: moves.Act, who: int) -> Deeds:
    session, once = world.session, str(world.once)
    way: dict[str, Any] = {"responsible": "人社局", "way_on": "仲裁", "code": CloseCode.NOT_SOLVED}
    return {
        "reply": lambda: moves.reply(session, number, by=own, text="好", once=once),
        "wait": lambda: moves.wait_for_resident(session, number, by=own),
        "hand_back": lambda: moves.hand_back(session, number, by=own, **WHY),
        "resolve": lambda: moves.resolve(session, number, by=own, outcome=f"好{once}"),
        "split": lambda: joining.split(session, number, by=own, summary="另一件", keep=who < 2),
        "extend": lambda: asking.ask_extension(session, number, by=own, **WHY),
        "ask_close": lambda: asking.ask_close(session, number, by=own, **way, **WHY),
        "partner": lambda: a_partner(session, number, own),
        "partner_answered": lambda: watching.partner_answered(
            session, number, by=own, result="查了"
        ),
    }


def a_partner(session: Session, number: str, own: moves.Act) -> None:
    it, said = Object(ConsentKind.SHARING, to="街道", what="查"), Said(How.PHONE, "本人")
    agreeing.write_down(session, number, by=own, it=it, given=True, said=said)
    watching.ask_partner(session, number, by=own, partner="街道", purpose="查")


def by_anybody(world: World, number: str, by: moves.Act, who: int) -> Deeds:
    session, level = world.session, list(Level)[who + 1]
    said: dict[str, Any] = {"channel": "phone", "solved": bool(who % 2), "text": "他说"}
    close = moves.close_without_answer
    return {
        "accept": lambda: moves.accept(session, number, by=by),
        "call_back": lambda: moves.call_back(session, number, by=by, **said),
        "close": lambda: close(session, number, by=by, code=CloseCode.DUPLICATE, **WHY),
        "reopen": lambda: moves.reopen(session, number, by=by),
        "relevel": lambda: watching.relevel(session, number, by=by, level=level, **WHY),
        "calm": lambda: asking.ask_calm(session, number, by=by, level=Level.ORDINARY, **WHY),
        "supervise": lambda: watching.supervise(session, number, by=by, **WHY),
    }


def of_several(world: World, number: str, by: moves.Act, into: str) -> Deeds:
    session = world.session
    asked = session.scalars(select(Approval).where(Approval.decided_at.is_(None))).first()
    request = asked.id if asked else 0
    decide = deciding.decide
    return {
        "merge": lambda: joining.merge(session, number, by=by, into=into, other_person=True),
        "unmerge": lambda: joining.unmerge(session, number, by=by),
        "grant": lambda: decide(session, request, by=by, approved=True),
        "refuse": lambda: decide(session, request, by=by, approved=False, answer="不行"),
    }


def rate(world: World, ticket: Ticket, *, solved: bool) -> None:
    moves.rate(world.session, ticket, solved=solved, now=world.now, settings=world.conf)


def a_holiday(world: World) -> None:
    """A day ahead is off after all; what was promised by it is counted anew."""
    day = (world.now + timedelta(days=3)).date()
    by = world.staff[2]
    put_day(world.session, day, works=False, why="停电", by=by, now=world.now)
    world.session.flush()
    while recounting.recount(world.session, now=world.now, settings=world.conf):
        pass


def assert_sound(world: World) -> None:
    world.session.flush()
    world.session.expire_all()
    assert list(check.differences(world.session, world.conf)) == []
    tickets = world.session.scalars(select(Ticket)).all()
    strands = [(it.resident_id, it.strand) for it in tickets if it.state in LIVE]
    assert len(strands) == len(set(strands))
    for ticket in tickets:
        confirmed = ticket.close_code in {CloseCode.SOLVED, CloseCode.EXPLAINED}
        kinds = world.session.scalars(_last_word(ticket)).all()
        assert not (ticket.state == State.CLOSED and confirmed) or kinds


def _last_word(ticket: Ticket) -> Select[int]:
    words = ("rated", "called_back")
    return select(TicketEvent.id).where(
        TicketEvent.ticket_id == ticket.id, TicketEvent.kind.in_(words)
    )


@examples(
    max_examples=25,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a long life shrinks too slowly
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEP, min_size=8, max_size=30))
def test_any_sequence_of_deeds_leaves_tickets_as_their_logs_say(
    engine: Engine, settings: Settings, steps: list[tuple[int, int, int, int]]
) -> None:
    with Session(engine, expire_on_commit=False) as session:
        world = World(session, settings)
        for number, which, who, minutes in steps:
            deed = deed_for(world.ticket(which), number)
            world.now += timedelta(minutes=minutes)
            try:
                with session.begin_nested():
                    do(world, deed, which, who)
            except YunqiaoError:
                continue  # refused, and nothing is left of it
            assert_sound(world)
        session.rollback()


def test_there_is_something_to_check(session: Session, settings: Settings) -> None:
    world = World(session, settings)
    ticket = world.ticket(0)
    session.flush()
    ticket.reopened = 7
    ticket.clocks[0].due_at += timedelta(hours=1)

    found = {it.what for it in check.differences(session, settings)}

    assert {"reopened", "ack.due_at"} <= found
