"""When a failing server is left alone, and when it is tried again."""

from bot.understanding.breaker import FAILURES, REST_SECONDS, Breaker


class Seconds:
    def __init__(self) -> None:
        self.passed = 100.0

    def __call__(self) -> float:
        return self.passed


def a_resting_breaker(seconds: Seconds) -> Breaker:
    breaker = Breaker(seconds)
    for _ in range(FAILURES):
        breaker.failed("no answer in time", asked_at=seconds())
    return breaker


def test_two_failures_do_not_open_it() -> None:
    seconds = Seconds()
    breaker = Breaker(seconds)
    breaker.failed("x", asked_at=seconds())
    breaker.failed("x", asked_at=seconds())

    assert breaker.allows()


def test_those_who_wait_through_one_stall_count_as_one_failure() -> None:
    seconds = Seconds()
    breaker = Breaker(seconds)
    began = seconds()
    seconds.passed += 1.5
    for _ in range(FAILURES * 2):
        breaker.failed("no answer in time", asked_at=began)

    assert breaker.allows()
    assert breaker.state()["failures"] == 1


def test_a_success_between_failures_starts_the_count_again() -> None:
    seconds = Seconds()
    breaker = Breaker(seconds)
    for _ in range(FAILURES - 1):
        breaker.failed("x", asked_at=seconds())
    breaker.succeeded()
    breaker.failed("x", asked_at=seconds())

    assert breaker.allows()


def test_three_failures_open_it_until_the_rest_is_over() -> None:
    seconds = Seconds()
    breaker = a_resting_breaker(seconds)

    assert not breaker.allows()
    seconds.passed += REST_SECONDS
    assert breaker.allows()


def test_asking_whether_it_rests_leaves_the_probe_to_others() -> None:
    seconds = Seconds()
    breaker = a_resting_breaker(seconds)

    assert breaker.rests()
    seconds.passed += REST_SECONDS
    assert not breaker.rests()
    assert not breaker.rests()
    assert breaker.allows()
    assert breaker.rests()


def test_only_one_probe_goes_at_a_time() -> None:
    seconds = Seconds()
    breaker = a_resting_breaker(seconds)
    seconds.passed += REST_SECONDS

    assert [breaker.allows() for _ in range(3)] == [True, False, False]


def test_a_probe_that_fails_means_another_rest() -> None:
    seconds = Seconds()
    breaker = a_resting_breaker(seconds)
    seconds.passed += REST_SECONDS
    breaker.allows()
    breaker.failed("x", asked_at=seconds())

    seconds.passed += REST_SECONDS - 1
    assert not breaker.allows()


def test_a_probe_that_succeeds_closes_it() -> None:
    seconds = Seconds()
    breaker = a_resting_breaker(seconds)
    seconds.passed += REST_SECONDS
    breaker.allows()
    breaker.succeeded()

    assert [breaker.allows() for _ in range(3)] == [True, True, True]
    assert breaker.state()["ok"] is True
