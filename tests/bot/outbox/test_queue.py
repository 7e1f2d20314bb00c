"""Into the queue once, back into it, and given up."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot import outbox
from bot.db.engine import transaction
from bot.errors import ConflictError, NotFoundError
from bot.outbox import OutboundMessage, SendState
from bot.wechat import budget
from tests.bot.outbox.steps import LEASE, claim, failure, put, send
from tests.builders import a_resident
from tests.conftest import NOW


def test_a_long_text_becomes_several_messages_in_order(session: Session, resident: int) -> None:
    rows = put(session, resident, "字" * 1300)

    assert [len(row.text) for row in rows] == [600, 600, 100]
    assert [claim(session).text, outbox.claim(session, now=NOW, lease=LEASE)] == ["字" * 600, None]


def test_a_message_may_wait_for_its_time(session: Session, resident: int) -> None:
    soon = NOW + LEASE
    outbox.enqueue(session, resident_id=resident, text="您好", now=NOW, not_before=soon)

    assert outbox.claim(session, now=NOW, lease=LEASE) is None
    assert claim(session, soon).text == "您好"


def test_a_blank_text_is_no_message(session: Session, resident: int) -> None:
    assert put(session, resident, " \n\x00") == []


@pytest.mark.parametrize("key", ["reply:1", "k" * 300])
def test_the_same_key_writes_once_however_often(any_engine: Engine, key: str) -> None:
    with transaction(any_engine) as session:
        resident_id = a_resident(session).id

    ids = []
    for text in ("字" * 700, "another"):
        with transaction(any_engine) as session:
            rows = outbox.enqueue(
                session, resident_id=resident_id, text=text, now=NOW, once_key=key
            )
            ids.append([row.id for row in rows])

    assert ids[0] == ids[1]
    assert len(ids[0]) == 2


def test_two_who_write_the_same_at_once_get_the_same_rows(any_engine: Engine) -> None:
    with transaction(any_engine) as session:
        resident_id = a_resident(session).id

    def write(text: str) -> int:
        with transaction(any_engine) as session:
            [row] = outbox.enqueue(
                session, resident_id=resident_id, text=text, now=NOW, once_key="k"
            )
            return row.id

    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(write, "abcdefgh"))

    assert len(ids) == 1


def test_held_messages_go_out_in_order_when_the_resident_writes(
    session: Session, resident: int
) -> None:
    put(session, resident, *"1234567")
    sent = [send(session).text for _ in range(5)]
    assert outbox.claim(session, now=NOW, lease=LEASE) is None

    later = NOW + timedelta(days=3)
    budget.opened_by_message(session, resident, now=later)

    assert outbox.release_held(session, resident, now=later) == 2
    assert outbox.give_up_old(session, now=later, after=timedelta(days=1)) == 0
    assert sent + [send(session, now=later).text for _ in range(2)] == list("1234567")


def test_after_a_day_a_message_is_given_up_and_seen(session: Session, resident: int) -> None:
    put(session, resident, "one", "two")
    row = send(session, failure(-1))
    day = timedelta(days=1)

    assert outbox.give_up_old(session, now=NOW + day - LEASE, after=day) == 0
    claim(session, NOW + day - LEASE / 2)
    assert outbox.give_up_old(session, now=NOW + day, after=day) == 1  # one is under way

    session.refresh(row)
    assert row.state == SendState.QUEUED
    [given_up] = [it for it in session.scalars(select(OutboundMessage)) if it.text == "two"]
    assert (given_up.state, given_up.finished_at) == (SendState.GIVEN_UP, NOW + day)


def test_staff_may_send_anew_what_did_not_go_out(session: Session, resident: int) -> None:
    put(session, resident, "您好")
    row = send(session, failure(48001))

    outbox.requeue(session, row.id, now=NOW)

    assert send(session).state == SendState.ACCEPTED
    with pytest.raises(ConflictError):
        outbox.requeue(session, row.id, now=NOW)
    with pytest.raises(NotFoundError):
        outbox.requeue(session, row.id + 1, now=NOW)
