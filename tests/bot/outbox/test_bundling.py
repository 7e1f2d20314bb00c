"""Where each message counts, several answers of one person go out as one; one is kept back."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot import outbox
from bot.errors import ConflictError
from bot.outbox import OutboundMessage, SendState
from bot.people.tables import Staff
from bot.wechat import budget
from tests.bot.outbox.steps import ACCEPTED, LEASE, claim, failure, left, send
from tests.builders import a_caseworker
from tests.conftest import NOW

DAY = timedelta(days=1)


@pytest.fixture
def staff(session: Session) -> Staff:
    return a_caseworker(session)


def writes(
    session: Session, resident: int, staff: Staff, *texts: str, last: bool = False
) -> list[OutboundMessage]:
    rows = [
        row
        for text in texts
        for row in outbox.enqueue(
            session, resident_id=resident, text=f"{text}\n——社工王芳", now=NOW,
            staff_id=staff.id, by_machine=False,
        )
    ]  # fmt: skip
    for row in rows:
        row.may_use_last = last
    session.flush()
    return rows


def spend(session: Session, resident: int, count: int) -> None:
    for _ in range(count):
        budget.take(session, resident, now=NOW)


def states(session: Session) -> list[str]:
    return list(session.scalars(select(OutboundMessage.state).order_by(OutboundMessage.id)))


def test_with_plenty_left_each_answer_goes_alone(
    session: Session, resident: int, staff: Staff
) -> None:
    writes(session, resident, staff, "带身份证", "还有合同")

    assert claim(session).text == "带身份证\n——社工王芳"


def test_what_a_dead_worker_may_have_sent_goes_again_as_it_was(
    session: Session, resident: int, staff: Staff
) -> None:
    spend(session, resident, 3)
    writes(session, resident, staff, "带身份证")
    first = claim(session).text
    writes(session, resident, staff, "还有合同")

    assert claim(session, NOW + LEASE).text == first


def test_with_little_left_they_go_as_one_signed_once(
    session: Session, resident: int, staff: Staff
) -> None:
    spend(session, resident, 3)
    writes(session, resident, staff, "带身份证", "还有合同", "明天来")

    sendable = claim(session)
    outbox.note_result(session, sendable, ACCEPTED, now=NOW)

    assert sendable.text == "带身份证\n还有合同\n明天来\n——社工王芳"
    assert states(session) == [SendState.ACCEPTED] * 3
    assert left(session, resident) == 1


def test_what_no_longer_fits_goes_with_the_next(
    session: Session, resident: int, staff: Staff
) -> None:
    spend(session, resident, 3)
    writes(session, resident, staff, "甲" * 300, "乙" * 300, "丙")

    assert "乙" not in claim(session).text


def test_another_persons_words_end_a_bundle(session: Session, resident: int, staff: Staff) -> None:
    spend(session, resident, 3)
    writes(session, resident, staff, "一")
    writes(session, resident, a_caseworker(session, name="李强"), "二")
    writes(session, resident, staff, "三")

    assert claim(session).text == "一\n——社工王芳"


def test_what_waited_for_the_resident_arrives_as_one(
    session: Session, resident: int, staff: Staff
) -> None:
    later = NOW + 3 * DAY
    writes(session, resident, staff, "一", "二")
    while outbox.claim(session, now=later, lease=LEASE):
        pytest.fail("no window was open")
    assert states(session) == [SendState.HELD] * 2

    budget.opened_by_message(session, resident, now=later)
    outbox.release_held(session, resident, now=later)

    assert claim(session, later).text == "一\n二\n——社工王芳"


def test_the_last_one_is_kept_for_the_outcome(
    session: Session, resident: int, staff: Staff
) -> None:
    spend(session, resident, 4)
    writes(session, resident, staff, "还有一句")
    assert outbox.claim(session, now=NOW, lease=LEASE) is None
    row = session.scalars(select(OutboundMessage)).one()
    assert (row.state, row.outcome) == (SendState.HELD, "kept_for_outcome")
    assert left(session, resident) == 1

    writes(session, resident, staff, "您的事办好了", last=True)

    assert "您的事办好了" in claim(session).text


def test_the_last_one_can_be_spent_on_purpose(
    session: Session, resident: int, staff: Staff
) -> None:
    spend(session, resident, 4)
    [row] = writes(session, resident, staff, "还有一句")
    outbox.claim(session, now=NOW, lease=LEASE)

    outbox.use_last(session, row.id, now=NOW)

    assert send(session).state == SendState.ACCEPTED


def test_a_bundle_that_fails_shares_its_fate_and_its_second_try(
    session: Session, resident: int, staff: Staff
) -> None:
    spend(session, resident, 2)
    spend(session, resident, 1)
    rows = writes(session, resident, staff, "一", "二")
    outbox.note_result(session, claim(session), failure(48001), now=NOW)
    assert states(session) == [SendState.REFUSED] * 2
    assert {row.outcome for row in rows} == {"no_permission"}

    outbox.requeue(session, rows[1].id, now=NOW)

    assert claim(session).text == "一\n二\n——社工王芳"


def test_a_bundle_given_up_is_given_up_whole(
    session: Session, resident: int, staff: Staff
) -> None:
    spend(session, resident, 3)
    writes(session, resident, staff, "一", "二")
    outbox.note_result(session, claim(session), failure(-1), now=NOW)

    assert outbox.give_up_old(session, now=NOW + DAY, after=DAY) == 1

    assert states(session) == [SendState.GIVEN_UP] * 2


def test_what_has_not_left_can_be_taken_back(
    session: Session, resident: int, staff: Staff
) -> None:
    spend(session, resident, 4)
    first, _ = writes(session, resident, staff, "一", "二")
    outbox.claim(session, now=NOW, lease=LEASE)
    outbox.withdraw(session, first.id, now=NOW)
    session.execute(update(OutboundMessage).values(may_use_last=True))
    budget.opened_by_message(session, resident, now=NOW)

    outbox.release_held(session, resident, now=NOW)

    assert claim(session).text == "二\n——社工王芳"
    assert first.state == SendState.WITHDRAWN


def test_what_is_under_way_cannot_be_taken_back(
    session: Session, resident: int, staff: Staff
) -> None:
    [row] = writes(session, resident, staff, "一")
    claim(session)

    with pytest.raises(ConflictError):
        outbox.withdraw(session, row.id, now=NOW)
