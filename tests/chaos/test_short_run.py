"""The run of `make chaos`, short enough for every change."""

from tests.chaos.__main__ import run
from tests.thin_servers import a_model


def test_nothing_is_lost_or_doubled_while_everything_fails() -> None:
    a_model()  # where there is none yet, it is trained once for all tests

    verdict = run(80, 8, 7, "sqlite", pace=0.3)

    assert {what: count for what, count in verdict.wrong.items() if count} == {}
    assert verdict.seen["acknowledged"] > 40
