"""How many messages WeChat still takes for a resident."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from bot.contracts import Push
from bot.wechat import budget
from bot.wechat.budget import Budget
from tests.builders import a_resident
from tests.conftest import NOW

SECOND = timedelta(seconds=1)
IN_TWO_DAYS = NOW + timedelta(hours=48)
IN_A_MINUTE = NOW + timedelta(minutes=1)


@pytest.fixture
def resident(session: Session) -> int:
    return a_resident(session).id


def push(kind: str, **details: str) -> Push:
    return Push("k", kind, "o-li", "gh_1", NOW, details=details)


def take(session: Session, resident: int, times: int) -> list[str | None]:
    return [budget.take(session, resident, now=NOW) for _ in range(times)]


def test_nobody_may_be_written_to_who_never_wrote(session: Session, resident: int) -> None:
    assert budget.left(session, resident, now=NOW) == Budget(0, None)
    assert budget.take(session, resident, now=NOW) is None


def test_a_message_pays_for_five_replies_in_48_hours(session: Session, resident: int) -> None:
    budget.opened_by_message(session, resident, now=NOW)

    assert budget.left(session, resident, now=NOW) == Budget(5, IN_TWO_DAYS)
    assert take(session, resident, 6) == ["message"] * 5 + [None]
    assert budget.left(session, resident, now=NOW) == Budget(0, IN_TWO_DAYS)


def test_a_window_closes_at_its_second(session: Session, resident: int) -> None:
    budget.opened_by_message(session, resident, now=NOW)

    assert budget.left(session, resident, now=IN_TWO_DAYS - SECOND).left == 5
    assert budget.left(session, resident, now=IN_TWO_DAYS) == Budget(0, None)
    assert budget.take(session, resident, now=IN_TWO_DAYS) is None


def test_windows_are_set_and_never_added(session: Session, resident: int) -> None:
    budget.opened_by_message(session, resident, now=NOW)
    take(session, resident, 2)
    budget.opened_by_message(session, resident, now=NOW)
    budget.opened_by_event(session, resident, now=NOW)
    budget.opened_by_event(session, resident, now=NOW)

    assert budget.left(session, resident, now=NOW) == Budget(5, IN_TWO_DAYS)


def test_of_two_open_windows_only_one_is_promised(session: Session, resident: int) -> None:
    budget.opened_by_event(session, resident, now=NOW)
    budget.opened_by_message(session, resident, now=NOW)

    assert take(session, resident, 6) == ["message"] * 5 + [None]


def test_the_short_window_pays_where_the_long_one_is_empty(
    session: Session, resident: int
) -> None:
    budget.opened_by_message(session, resident, now=NOW)
    take(session, resident, 5)
    budget.opened_by_event(session, resident, now=NOW)

    assert take(session, resident, 4) == ["event", "event", "event", None]


def test_what_is_kept_is_kept_whatever_else_is_open(session: Session, resident: int) -> None:
    budget.opened_by_message(session, resident, now=NOW)
    take(session, resident, 4)
    budget.opened_by_event(session, resident, now=NOW)

    assert budget.take(session, resident, now=NOW, keep=1) is None
    assert budget.take(session, resident, now=NOW) == "message"


def test_after_a_menu_tap_alone_three_go_out_within_a_minute(
    session: Session, resident: int
) -> None:
    budget.opened_by_event(session, resident, now=NOW)

    assert budget.left(session, resident, now=NOW) == Budget(3, IN_A_MINUTE)
    assert budget.left(session, resident, now=IN_A_MINUTE) == Budget(0, None)


@pytest.mark.parametrize(
    ("came", "left"),
    [
        (push("text"), 5),
        (push("voice"), 5),
        (push("unknown.unsupported"), 5),
        (push("text", bizmsgmenuid="101"), 3),
        (push("event.subscribe"), 3),
        (push("event.scan"), 3),
        (push("event.click"), 3),
        (push("event.view"), 0),
        (push("event.location"), 0),
        (push("event.templatesendjobfinish"), 0),
    ],
    ids=lambda value: value.kind if isinstance(value, Push) else None,
)
def test_what_a_resident_does_opens_what_wechat_grants(
    session: Session, resident: int, came: Push, left: int
) -> None:
    budget.opened_by_push(session, resident, came, now=NOW)

    assert budget.left(session, resident, now=NOW).left == left


def test_who_unfollows_can_no_longer_be_written_to(session: Session, resident: int) -> None:
    budget.opened_by_message(session, resident, now=NOW)

    budget.opened_by_push(session, resident, push("event.unsubscribe"), now=NOW)

    assert budget.left(session, resident, now=NOW) == Budget(0, None)


def test_what_was_not_accepted_is_given_back_but_never_beyond_the_grant(
    session: Session, resident: int
) -> None:
    budget.opened_by_message(session, resident, now=NOW)
    budget.take(session, resident, now=NOW)

    for _ in range(2):
        budget.give_back(session, resident, "message", taken_at=NOW)

    assert budget.left(session, resident, now=NOW).left == 5


def test_nothing_is_given_back_to_a_window_set_since(session: Session, resident: int) -> None:
    budget.opened_by_message(session, resident, now=NOW)
    budget.take(session, resident, now=NOW)
    budget.opened_by_message(session, resident, now=NOW + SECOND)
    budget.take(session, resident, now=NOW + SECOND)

    budget.give_back(session, resident, "message", taken_at=NOW)

    assert budget.left(session, resident, now=NOW + SECOND).left == 4


def test_wechats_too_many_empties_every_window(session: Session, resident: int) -> None:
    budget.opened_by_message(session, resident, now=NOW)
    budget.opened_by_event(session, resident, now=NOW)

    budget.exhausted(session, resident, seen_at=NOW)

    assert budget.take(session, resident, now=NOW) is None
    assert budget.left(session, resident, now=NOW) == Budget(0, IN_TWO_DAYS)


def test_wechats_too_late_shuts_every_window(session: Session, resident: int) -> None:
    budget.opened_by_message(session, resident, now=NOW)

    budget.shut(session, resident, seen_at=NOW)

    assert budget.left(session, resident, now=NOW) == Budget(0, None)


def test_an_old_refusal_does_not_close_a_window_opened_since(
    session: Session, resident: int
) -> None:
    budget.opened_by_message(session, resident, now=NOW + SECOND)

    budget.shut(session, resident, seen_at=NOW)

    assert budget.left(session, resident, now=NOW + SECOND).left == 5
