"""Messages sent, held and refused, and what is known of them."""

from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot import outbox
from bot.db.engine import transaction
from bot.errors import SendLaterError, SendRefusedError
from bot.outbox import OutboundMessage, Result, SendState
from bot.people.tables import Resident
from bot.wechat import budget
from bot.wechat.outcomes import NoCode, error_for, failed
from tests.bot.outbox.steps import ACCEPTED, LEASE, claim, failure, left, put, send
from tests.builders import a_resident
from tests.conftest import NOW
from tests.fakes import FakeWeChat


def test_what_wechat_accepts_is_shown_as_accepted(session: Session, resident: int) -> None:
    put(session, resident, "您好")
    api = FakeWeChat()

    sendable = claim(session)
    outbox.note_result(session, sendable, outbox.deliver(api, sendable), now=NOW)

    row = session.get_one(OutboundMessage, sendable.outbound_id)
    assert api.sent == [("o-li", "您好", True)]
    assert (row.state, row.outcome, row.finished_at) == (SendState.ACCEPTED, "accepted", NOW)
    assert (left(session, resident), row.doubtful, row.attempts) == (4, False, 1)


@pytest.mark.parametrize(
    ("error", "result"),
    [
        (error_for(70000), Result("minor", 70000)),
        (error_for(45015), Result("no_window", 45015)),
        (failed(NoCode.TIMEOUT), Result("timeout", None)),
    ],
)
def test_every_failure_to_deliver_is_a_result(
    session: Session, resident: int, error: SendRefusedError | SendLaterError, result: Result
) -> None:
    put(session, resident, "您好")

    assert outbox.deliver(FakeWeChat(fails=error), claim(session)) == result


def test_nothing_to_send_with_words_or_openid_in_sight(session: Session, resident: int) -> None:
    put(session, resident, "我的秘密")

    shown = repr(claim(session))

    assert "秘密" not in shown
    assert "o-li" not in shown


def test_no_later_message_goes_before_an_earlier_one(session: Session, resident: int) -> None:
    put(session, resident, "one", "two")
    other = a_resident(session).id
    budget.opened_by_message(session, other, now=NOW)
    put(session, other, "three")

    assert send(session, failure(-1)).text == "one"
    assert claim(session).text == "three"
    assert outbox.claim(session, now=NOW, lease=LEASE) is None
    assert send(session, now=NOW + LEASE).text == "one"
    assert claim(session, NOW + LEASE).text == "two"


def test_a_failed_message_waits_longer_each_time(session: Session, resident: int) -> None:
    put(session, resident, "您好")
    times = [NOW]
    for _ in range(3):
        row = send(session, failure(-1), times[-1])
        times.append(row.not_before)

    pauses = [after - before for before, after in pairwise(times)]
    row = session.scalars(select(OutboundMessage)).one()
    assert pauses[0] < pauses[1] < pauses[2]
    assert (row.state, row.outcome, row.code) == (SendState.QUEUED, "busy", -1)
    assert (left(session, resident), row.attempts) == (5, 3)


def test_a_message_refused_for_good_is_seen_and_costs_nothing(
    session: Session, resident: int
) -> None:
    put(session, resident, "您好")

    row = send(session, failure(70000))

    assert (row.state, row.outcome, row.finished_at) == (SendState.REFUSED, "minor", NOW)
    assert left(session, resident) == 5


def test_who_no_longer_follows_is_known_to_have_left(session: Session, resident: int) -> None:
    put(session, resident, "您好")

    assert send(session, failure(43004)).state == SendState.REFUSED

    assert not session.get_one(Resident, resident).following
    assert left(session, resident) == 0


def test_without_budget_a_message_is_held_and_says_why(session: Session) -> None:
    silent, used = a_resident(session).id, a_resident(session).id
    budget.opened_by_message(session, used, now=NOW)
    budget.exhausted(session, used, seen_at=NOW)
    rows = put(session, silent, "您好") + put(session, used, "您好")

    assert outbox.claim(session, now=NOW, lease=LEASE) is None
    assert [(row.state, row.outcome, row.attempts) for row in rows] == [
        (SendState.HELD, "no_window", 0),
        (SendState.HELD, "limit_reached", 0),
    ]


@pytest.mark.parametrize(("code", "outcome"), [(45015, "no_window"), (45047, "limit_reached")])
def test_wechat_knows_better_than_our_budget(
    session: Session, resident: int, code: int, outcome: str
) -> None:
    put(session, resident, "one", "two")

    row = send(session, failure(code))

    assert (row.state, row.outcome, left(session, resident)) == (SendState.HELD, outcome, 0)
    assert outbox.claim(session, now=NOW, lease=LEASE) is None


def test_who_writes_while_we_are_refused_gets_the_message(session: Session, resident: int) -> None:
    put(session, resident, "您好")
    sendable = claim(session)
    soon = NOW + timedelta(seconds=1)
    budget.opened_by_message(session, resident, now=soon)

    outbox.note_result(session, sendable, failure(45015), now=soon)

    assert send(session, now=soon).state == SendState.ACCEPTED


@pytest.mark.parametrize("outcome", ["timeout", "http_error", "unreadable"])
def test_an_answer_lost_on_the_way_leaves_a_doubt(
    session: Session, resident: int, outcome: str
) -> None:
    put(session, resident, "您好")

    assert send(session, Result(outcome)).doubtful
    assert send(session, now=NOW + timedelta(minutes=1)).doubtful


def test_a_worker_that_died_leaves_a_doubt_and_pays_once(session: Session, resident: int) -> None:
    put(session, resident, "您好")
    claim(session)

    row = send(session, now=NOW + LEASE)

    assert (row.state, row.doubtful, row.attempts) == (SendState.ACCEPTED, True, 2)
    assert left(session, resident) == 4


def test_the_word_of_a_worker_that_came_too_late_counts_only_if_good(
    session: Session, resident: int
) -> None:
    put(session, resident, "您好")
    slow = claim(session)
    quick = claim(session, NOW + LEASE)

    outbox.note_result(session, slow, failure(70000), now=NOW + LEASE)
    row = session.get_one(OutboundMessage, slow.outbound_id)
    assert row.state == SendState.QUEUED
    outbox.note_result(session, slow, ACCEPTED, now=NOW + LEASE)
    outbox.note_result(session, quick, failure(-1), now=NOW + LEASE)

    assert row.state == SendState.ACCEPTED


def test_two_workers_never_take_the_same_message(any_engine: Engine) -> None:
    with transaction(any_engine) as session:
        for _ in range(4):
            resident_id = a_resident(session).id
            budget.opened_by_message(session, resident_id, now=NOW)
            put(session, resident_id, "one", "two")

    taken = []
    for _ in range(6):
        with transaction(any_engine) as session:
            sendable = outbox.claim(session, now=NOW, lease=LEASE)
            taken.append(sendable and sendable.outbound_id)

    assert len({*taken} - {None}) == 4
    assert taken[4:] == [None, None]


def test_a_worker_passes_over_what_another_holds(postgres_engine: Engine) -> None:
    engine = postgres_engine
    with transaction(engine) as session:
        for name in ("o-1", "o-2"):
            resident_id = a_resident(session, openid=name).id
            budget.opened_by_message(session, resident_id, now=NOW)
            put(session, resident_id, f"to {name}", "second")

    with transaction(engine) as first, transaction(engine) as second, transaction(engine) as third:
        got = [outbox.claim(session, now=NOW, lease=LEASE) for session in (first, second, third)]

    assert [it and it.openid for it in got] == ["o-1", "o-2", None]
    engine.dispose()
