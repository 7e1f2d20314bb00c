"""Tables that tell tickets apart, and what they do not give away."""

from collections.abc import Callable
from datetime import date

from sqlalchemy.orm import Session

from bot.reports.breakdown import breakdown
from bot.reports.dimensions import DIMENSIONS
from bot.reports.measures import Asked
from bot.reports.periods import named
from tests.bot.reports.test_measures import answered
from tests.builders import a_ticket
from tests.conftest import NOW

MONTH = named("30d", date(2026, 3, 2))
LANGUAGE = DIMENSIONS["language"]


def some(session: Session, language: str, count: int, hours: float = 1) -> None:
    for _ in range(count):
        answered(session, hours, facts={"languages": [language]})


def test_a_small_row_is_hidden_with_one_that_would_give_it_away(
    session: Session, ask: Callable[..., Asked]
) -> None:
    some(session, "彝语", 3)
    some(session, "傣语", 8)
    some(session, "苗语", 20)

    table = breakdown(ask(), MONTH, LANGUAGE)

    shown = {row.key: row.shows("count") for row in table.rows}
    assert shown == {"苗语": True, "傣语": False, "彝语": False}
    assert table.total.shows("count")
    assert table.rows[2].waited is None
    assert table.any_hidden


def test_rates_need_all_they_are_made_of(session: Session, ask: Callable[..., Asked]) -> None:
    some(session, "汉语", 9)

    row = breakdown(ask(), MONTH, LANGUAGE).rows[0]

    assert row.response == 1
    assert row.solved is None  # nobody said yes or no


def test_who_waits_twice_as_long_is_named(session: Session, ask: Callable[..., Asked]) -> None:
    some(session, "汉语", 20, hours=1)
    some(session, "彝语", 6, hours=5)
    some(session, "傣语", 6, hours=1)

    table = breakdown(ask(), MONTH, LANGUAGE)

    assert [row.key for row in table.waits_twice()] == ["彝语"]


def test_too_few_raise_no_alarm(session: Session, ask: Callable[..., Asked]) -> None:
    some(session, "汉语", 20, hours=1)
    some(session, "彝语", 4, hours=6)

    assert breakdown(ask(), MONTH, LANGUAGE).waits_twice() == []


def test_nothing_at_all_is_an_empty_table(ask: Callable[..., Asked], session: Session) -> None:
    a_ticket(session, opened_at=NOW.replace(year=2020))

    table = breakdown(ask(), MONTH, LANGUAGE)

    assert table.rows == []
    assert table.total.opened.count == 0
