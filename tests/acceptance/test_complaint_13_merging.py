"""No merge, or one that loses words or runs in a circle."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.db.engine import transaction
from bot.errors import InvalidInputError
from bot.outbox import OutboundMessage
from bot.people.tables import Role, Staff
from bot.tickets import joining, moves
from bot.tickets.tables import State, Ticket, TicketEvent
from tests.bot.tickets.deeds import LATER, by
from tests.builders import a_caseworker, a_resident, a_ticket


def test_two_merges_into_each_other_leave_one_live(postgres_engine: Engine) -> None:
    for _ in range(5):
        _race(postgres_engine)


def _race(engine: Engine) -> None:
    with transaction(engine) as session:
        staff_id = a_caseworker(session, role=Role.SUPERVISOR).id
        numbers = [a_ticket(session).number for _ in range(2)]
    together = Barrier(2)

    def merge(number: str, into: str) -> bool:
        together.wait()
        try:
            with transaction(engine) as session:
                act = moves.Act(session.get_one(Staff, staff_id), 10**9, LATER)
                joining.merge(session, number, by=act, into=into, other_person=True)
        except InvalidInputError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(merge, numbers, reversed(numbers)))

    with transaction(engine) as session:
        states = session.scalars(select(Ticket.state).where(Ticket.number.in_(numbers))).all()
    assert sorted(done) == [False, True]
    assert sorted(states) == [State.IN_PROGRESS, State.MERGED]


def test_everybody_who_wrote_gets_the_outcome(session: Session) -> None:
    staff = a_caseworker(session)
    mates = [a_resident(session) for _ in range(3)]
    first, *rest = [a_ticket(session, resident=mate, assignee=staff) for mate in mates]

    for other in rest:
        joining.merge(
            session, other.number, by=by(session, staff), into=first.number, other_person=True
        )
    moves.resolve(session, first.number, by=by(session, staff), outcome="工钱付清了")

    sent = session.execute(select(OutboundMessage.resident_id, OutboundMessage.text)).all()
    assert {resident_id for resident_id, text in sent if "工钱付清了" in text} == {
        mate.id for mate in mates
    }


def test_a_merge_is_taken_back_and_nothing_was_deleted(session: Session) -> None:
    staff = a_caseworker(session)
    one, two = a_ticket(session, assignee=staff), a_ticket(session, assignee=staff)
    moves.note(session, one.number, by=by(session, staff), text="欠条在姐姐家", once="12345678")

    joining.merge(session, one.number, by=by(session, staff), into=two.number, other_person=True)
    merged = (one.state, one.merged_into_id)
    joining.unmerge(session, one.number, by=by(session, staff))

    notes = session.scalars(select(TicketEvent.text).where(TicketEvent.kind == "note")).all()
    assert merged == (State.MERGED, two.id)
    assert (one.state, one.merged_into_id, one.assignee_id) == (State.IN_PROGRESS, None, staff.id)
    assert notes == ["欠条在姐姐家"]


def test_two_people_are_one_matter_only_when_somebody_says_so(session: Session) -> None:
    staff = a_caseworker(session)
    one, two = a_ticket(session, assignee=staff), a_ticket(session, assignee=staff)

    with pytest.raises(InvalidInputError, match="两位居民"):
        joining.merge(session, one.number, by=by(session, staff), into=two.number)
