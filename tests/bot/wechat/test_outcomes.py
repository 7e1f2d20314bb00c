"""What WeChat's answers mean."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import SendLaterError, SendRefusedError
from bot.wechat.outcomes import OUTCOMES, Ends, error_for, next_try
from tests.conftest import NOW


@pytest.mark.parametrize(
    ("code", "outcome", "ends"),
    [
        (45015, "no_window", Ends.HELD),
        (45047, "limit_reached", Ends.HELD),
        (40001, "token", Ends.LATER),
        (40014, "token", Ends.LATER),
        (42001, "token", Ends.LATER),
        (40125, "secret", Ends.LATER),
        (40164, "ip_list", Ends.LATER),
        (61004, "ip_list", Ends.LATER),
        (45009, "daily_limit", Ends.LATER),
        (45011, "too_fast", Ends.LATER),
        (-1, "busy", Ends.LATER),
        (70000, "minor", Ends.REFUSED),
        (43004, "not_following", Ends.REFUSED),
        (40003, "bad_openid", Ends.REFUSED),
        (48001, "no_permission", Ends.REFUSED),
        (45002, "too_long", Ends.REFUSED),
        (99999, "unknown_code", Ends.LATER),
    ],
)
def test_each_code_has_its_own_honest_outcome(code: int, outcome: str, ends: Ends) -> None:
    error = error_for(code)

    assert (error.code, error.outcome, OUTCOMES[error.outcome].ends) == (code, outcome, ends)
    wanted = SendRefusedError if ends == Ends.REFUSED else SendLaterError
    assert isinstance(error, wanted)


def test_every_outcome_tells_staff_what_happened_and_what_to_do() -> None:
    assert all(outcome.says and outcome.next_step for outcome in OUTCOMES.values())
    assert all(len(name) <= 32 for name in OUTCOMES)


def test_pauses_double_up_to_ten_minutes() -> None:
    pauses = [
        (next_try("busy", attempts=n, seed=0, now=NOW) - NOW).total_seconds() for n in range(1, 12)
    ]

    assert pauses == [5, 10, 20, 40, 80, 160, 320, 600, 600, 600, 600]


def test_messages_that_failed_together_do_not_return_together() -> None:
    times = {next_try("busy", attempts=3, seed=seed, now=NOW) for seed in range(50)}

    assert len(times) == 50
    assert all(NOW + timedelta(seconds=15) <= at <= NOW + timedelta(seconds=20) for at in times)


def test_the_pause_is_never_shorter_than_is_useful() -> None:
    assert next_try("too_fast", attempts=1, seed=7, now=NOW) == NOW + timedelta(minutes=1)


def test_an_exhausted_day_waits_for_midnight_in_beijing() -> None:
    late = datetime(2026, 3, 2, 15, 59, tzinfo=UTC)

    assert next_try("daily_limit", attempts=1, seed=1, now=late) == late + timedelta(minutes=1)
    assert next_try("daily_limit", attempts=1, seed=1, now=NOW) == late + timedelta(minutes=1)
