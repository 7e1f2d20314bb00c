"""How a ticket ends, and how it goes on after all."""

from collections.abc import Callable

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.conversation.tables import Speaker
from bot.errors import InvalidInputError
from bot.people.tables import Role
from bot.tickets import joining, moves
from bot.tickets.approvals import asking, deciding
from bot.tickets.check import differences
from bot.tickets.projection import baseline
from bot.tickets.tables import CloseCode, State, Ticket
from tests.bot.tickets.deeds import by, said, speaker
from tests.builders import a_caseworker, a_resident, a_ticket
from tests.conftest import NOW


def test_resolving_asks_the_resident_and_frees_the_bot(session: Session) -> None:
    staff = a_caseworker(session)
    ticket = a_ticket(session, assignee=staff)

    for _ in range(2):
        moves.resolve(session, ticket.number, by=by(session, staff), outcome="公司已付清")

    assert ticket.state == State.RESOLVED
    assert speaker(session, ticket) == Speaker.BOT
    [text] = said(session)
    assert text.startswith(f"您的事（编号 {ticket.number}）办好了：公司已付清")


def test_an_unaccepted_ticket_cannot_be_resolved(session: Session) -> None:
    staff = a_caseworker(session)
    ticket = a_ticket(session, assignee=staff, state="dispatched")

    with pytest.raises(InvalidInputError, match="待签收"):
        moves.resolve(session, ticket.number, by=by(session, staff), outcome="好了")


@pytest.mark.parametrize(
    ("code", "told"), [(CloseCode.WITHDRAWN, True), (CloseCode.DUPLICATE, False)]
)
def test_closing_otherwise_tells_the_resident_what_concerns_them(
    session: Session, code: CloseCode, *, told: bool
) -> None:
    staff = a_caseworker(session)
    ticket = a_ticket(session, assignee=staff)

    moves.close_without_answer(
        session, ticket.number, by=by(session, staff), code=code, reason="他打电话说不办了"
    )

    assert (ticket.state, ticket.close_code) == (State.CLOSED, code)
    assert any(ticket.number in text for text in said(session)) is told


@pytest.mark.parametrize(
    "code", [CloseCode.NOT_SOLVED, CloseCode.REFERRED_OUT, CloseCode.NOT_ACCEPTED]
)
def test_an_end_without_a_solution_needs_a_second_person(
    session: Session, code: CloseCode
) -> None:
    staff, above = a_caseworker(session), a_caseworker(session, role=Role.SUPERVISOR)
    ticket = a_ticket(session, assignee=staff)
    with pytest.raises(InvalidInputError, match="督导同意"):
        moves.close_without_answer(
            session, ticket.number, by=by(session, staff), code=code, reason="不归我们管"
        )

    asking.ask_close(
        session,
        ticket.number,
        by=by(session, staff),
        code=code,
        reason="工地在四川",
        responsible="乐山市人社局 12333",
        way_on="带工资条去当地劳动监察投诉",
    )
    [request] = asking.open_requests(session, ticket)
    still_open = ticket.state
    with pytest.raises(InvalidInputError, match="由别人决定"):
        deciding.decide(session, request.id, by=by(session, staff), approved=True)
    deciding.decide(session, request.id, by=by(session, above), approved=True)

    assert still_open == State.IN_PROGRESS
    assert (ticket.state, ticket.close_code) == (State.CLOSED, code)
    [text] = said(session)
    for part in ("工地在四川", "乐山市人社局 12333", "带工资条去当地劳动监察投诉"):
        assert part in text


def test_whose_it_is_now_decides_nothing_of_it(session: Session) -> None:
    staff, above = a_caseworker(session), a_caseworker(session, role=Role.SUPERVISOR)
    ticket = a_ticket(session, assignee=staff)
    way = {"responsible": "街道", "way_on": "去法院"}
    asking.ask_close(
        session,
        ticket.number,
        by=by(session, staff),
        code=CloseCode.NOT_SOLVED,
        reason="对方不接电话",
        **way,
    )
    [request] = asking.open_requests(session, ticket)
    moves.accept(session, ticket.number, by=by(session, above))

    with pytest.raises(InvalidInputError, match="另一位督导"):
        deciding.decide(session, request.id, by=by(session, above), approved=True)
    assert not deciding.may_decide(session, request, above)


def test_a_refused_end_leaves_the_ticket_where_it_is(session: Session) -> None:
    staff, above = a_caseworker(session), a_caseworker(session, role=Role.SUPERVISOR)
    ticket = a_ticket(session, assignee=staff)
    asking.ask_close(
        session,
        ticket.number,
        by=by(session, staff),
        code=CloseCode.NOT_SOLVED,
        reason="对方不接电话",
        responsible="街道",
        way_on="去法院",
    )
    [request] = asking.open_requests(session, ticket)

    deciding.decide(session, request.id, by=by(session, above), approved=False, answer="再去一次")

    assert ticket.state == State.IN_PROGRESS
    assert said(session) == []


@pytest.mark.parametrize("state", [State.RESOLVED, State.MERGED])
def test_an_end_asked_for_before_the_ticket_went_on_cannot_be_granted(
    session: Session, state: State
) -> None:
    staff, above = a_caseworker(session), a_caseworker(session, role=Role.SUPERVISOR)
    ticket = a_ticket(session, assignee=staff)
    asking.ask_close(
        session,
        ticket.number,
        by=by(session, staff),
        code=CloseCode.NOT_SOLVED,
        reason="对方不接电话",
        responsible="街道",
        way_on="去法院",
    )
    act = by(session, staff)
    if state == State.RESOLVED:
        moves.resolve(session, ticket.number, by=act, outcome="公司已付清")
    else:
        into = a_ticket(session, assignee=staff).number
        joining.merge(session, ticket.number, by=act, into=into, other_person=True)
    before = said(session)

    [request] = asking.open_requests(session, ticket)
    with pytest.raises(InvalidInputError, match="先看看最新情况"):
        deciding.decide(session, request.id, by=by(session, above), approved=True)

    assert ticket.state == state
    assert said(session) == before


def test_nobody_on_staff_can_call_it_solved(session: Session) -> None:
    staff = a_caseworker(session)
    ticket = a_ticket(session, assignee=staff)

    with pytest.raises(InvalidInputError):
        moves.close_without_answer(
            session, ticket.number, by=by(session, staff), code=CloseCode.SOLVED, reason="好了"
        )


def test_a_done_ticket_can_be_opened_again_by_who_had_it(session: Session) -> None:
    staff = a_caseworker(session)
    ticket = a_ticket(session, assignee=staff, state="closed")

    moves.reopen(session, ticket.number, by=by(session, staff))

    assert (ticket.state, ticket.close_code, ticket.reopened) == (State.IN_PROGRESS, None, 1)


def test_a_done_ticket_goes_on_beside_what_was_asked_since(session: Session) -> None:
    staff = a_caseworker(session)
    resident = a_resident(session)
    old = a_ticket(session, resident=resident, assignee=staff, state="closed")
    live = a_ticket(session, resident=resident, assignee=staff)

    moves.reopen(session, old.number, by=by(session, staff))

    assert (old.state, old.strand, live.strand) == (State.IN_PROGRESS, 1, 0)


Deed = Callable[[Session, str, moves.Act], Ticket]
DEEDS: dict[str, Deed] = {
    "reply": lambda s, n, a: moves.reply(s, n, by=a, text="好", once="x"),
    "resolve": lambda s, n, a: moves.resolve(s, n, by=a, outcome="好"),
    "wait": lambda s, n, a: moves.wait_for_resident(s, n, by=a),
    "hand_back": lambda s, n, a: moves.hand_back(s, n, by=a, reason="不会"),
    "accept": lambda s, n, a: moves.accept(s, n, by=a),
}


@pytest.mark.parametrize("name", DEEDS)
def test_a_closed_ticket_makes_no_move_but_to_be_opened(session: Session, name: str) -> None:
    staff = a_caseworker(session)
    ticket = a_ticket(session, assignee=staff, state="closed")

    with pytest.raises(InvalidInputError, match="已办结"):
        DEEDS[name](session, ticket.number, by(session, staff))


def test_a_call_back_keeps_whether_the_resident_is_satisfied_until_the_next_outcome(
    session: Session,
) -> None:
    worker = a_caseworker(session)
    colleague = a_caseworker(session, name="李敏", role=Role.SUPERVISOR)
    ticket = a_ticket(session, assignee=worker)
    session.add(baseline(ticket, NOW))
    session.flush()
    moves.resolve(session, ticket.number, by=by(session, worker), outcome="公司答应月底付清")

    moves.call_back(
        session, ticket.number, by=by(session, colleague),
        channel="phone", solved=False, satisfied=False, text="一分没拿到，没人理我",
    )  # fmt: skip
    first = ticket.satisfied
    moves.resolve(session, ticket.number, by=by(session, worker), outcome="已付清")

    assert (first, ticket.satisfied) == (False, None)
    assert [it.what for it in differences(session)] == []


def test_a_ticket_belongs_to_an_organisation_that_exists(session: Session) -> None:
    with pytest.raises(IntegrityError), session.begin_nested():
        a_ticket(session, organisation_id=4711)
    with pytest.raises(IntegrityError), session.begin_nested():
        a_ticket(session, team_id=4711)
