"""
Whatever people write and whenever: WeChat never refuses for want of budget, and nothing is lost.

The platform is played by the simulator's ledger, which reads the rules strictly.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot import outbox
from bot.outbox import OutboundMessage, Result, SendState
from bot.wechat import budget
from bot.wechat.outcomes import error_for
from handlers.simulator import quota
from handlers.simulator.model import Window
from tests.builders import a_caseworker, a_resident
from tests.conftest import NOW

LEASE = timedelta(seconds=30)
BEGIN = st.sampled_from((("tap", "resident"), ("resident", "tap"), ("resident",), ()))
STEP = st.sampled_from(("talk", "talk", "talk", "talk", "end", "reply", "bot", "send"))
PAUSE = st.integers(1, 3000)
OPENS = st.sampled_from(("resident", "tap"))
STEPS = st.tuples(BEGIN, st.lists(STEP, min_size=4, max_size=12), PAUSE | OPENS).map(
    lambda parts: [*parts[0], *parts[1], parts[2]]
)


@dataclass
class World:
    """A resident's phone as the platform counts it, and our outbox."""

    session: Session
    now: datetime = NOW
    windows: tuple[Window, ...] = ()
    arrived: list[str] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    written: int = 0

    def __post_init__(self) -> None:
        self.resident = a_resident(self.session).id
        self.staff = a_caseworker(self.session).id

    def resident_writes(self) -> None:
        self.windows = quota.opened(self.windows, "message", self.now)
        budget.opened_by_message(self.session, self.resident, now=self.now)
        outbox.release_held(self.session, self.resident, now=self.now)

    def resident_taps(self) -> None:
        self.windows = quota.opened(self.windows, "action", self.now)
        budget.opened_by_event(self.session, self.resident, now=self.now)
        outbox.release_held(self.session, self.resident, now=self.now)

    def write(self, *, by_machine: bool = False, last: bool = False) -> None:
        self.written += 1
        [row] = outbox.enqueue(
            self.session, resident_id=self.resident, text=f"<{self.written}>", now=self.now,
            by_machine=by_machine, staff_id=None if by_machine else self.staff,
        )  # fmt: skip
        row.may_use_last = last or by_machine

    def send(self) -> None:
        sendable = outbox.claim(self.session, now=self.now, lease=LEASE)
        if sendable is None:
            return
        before = budget.left(self.session, self.resident, now=self.now)
        code, self.windows = quota.spend(self.windows, self.now)
        if code:
            self.refused.append(code)
            result = Result(error_for(code).outcome, code)
        else:
            self.arrived.append(sendable.text)
            result = Result("accepted", 0)
            self.check_reserve(sendable.outbound_id, before)
        outbox.note_result(self.session, sendable, result, now=self.now)

    def check_reserve(self, outbound_id: int, after: budget.Budget) -> None:
        """What may not use the last message leaves it there."""
        rows = self.session.scalars(
            select(OutboundMessage).where(
                (OutboundMessage.id == outbound_id) | (OutboundMessage.bundle_id == outbound_id)
            )
        ).all()
        paid = {row.paid_from for row in rows} - {""}
        if paid == {"message"} and not any(row.may_use_last for row in rows):
            assert after.left >= 1

    def rows(self) -> list[OutboundMessage]:
        return list(self.session.scalars(select(OutboundMessage).order_by(OutboundMessage.id)))


@given(scenes=st.lists(STEPS, min_size=1, max_size=3))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_nothing_is_refused_lost_doubled_or_out_of_order(
    engine: Engine, scenes: list[list[str | int]]
) -> None:
    steps = [step for scene in scenes for step in scene]
    with Session(engine, expire_on_commit=False) as session:
        world = World(session)
        for step in steps:
            take(world, step)
        world.resident_writes()
        for _ in range(len(steps) + 5):
            world.send()
        check(world)
        session.rollback()


def take(world: World, step: str | int) -> None:
    if isinstance(step, int):
        world.now += timedelta(minutes=step)
    elif step == "resident":
        world.resident_writes()
    elif step == "tap":
        world.resident_taps()
    elif step == "send":
        world.send()
    else:
        world.write(by_machine=step == "bot", last=step == "end")
        if step == "talk":
            world.send()


def check(world: World) -> None:
    assert world.refused == []
    said = "".join(world.arrived)
    rows = world.rows()
    accepted = [row.text for row in rows if row.state == SendState.ACCEPTED]
    assert all(said.count(text) == 1 for text in accepted)
    waiting = [row for row in rows if row.state != SendState.ACCEPTED]
    assert all(said.count(row.text) == 0 for row in waiting)
    assert {row.state for row in waiting} <= {SendState.HELD, SendState.QUEUED}
    numbers = [int(part.rpartition("<")[2]) for part in said.split(">") if part]
    assert len(numbers) == len(accepted)
