"""What holds of working time on any calendar."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.settings import Settings
from bot.tickets import hours
from bot.tickets.clocks.timing import promised
from bot.tickets.hours import Office
from bot.tickets.tables import Level
from bot.workdays.calendar import Calendar, Mark, Origin

YEARS = {"min_value": date(2025, 12, 1), "max_value": date(2027, 12, 31)}
ANY = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001
SPANS = st.timedeltas(timedelta(), timedelta(days=3))
OWN = st.dictionaries(
    st.dates(**YEARS),
    st.builds(Mark, st.booleans(), st.just("自定"), st.just(Origin.OWN)),
    max_size=40,
)
WEEKS = st.frozensets(st.integers(1, 7), min_size=1)
SOME = examples(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def an_office(settings: Settings, week: frozenset[int], own: Mapping[date, Mark]) -> Office:
    return Office(Calendar(week, own, {}), settings)


@SOME
@given(now=ANY, span=SPANS, week=WEEKS, own=OWN)
def test_what_is_added_can_be_measured(
    settings: Settings, now: datetime, span: timedelta, week: frozenset[int],
    own: Mapping[date, Mark],
) -> None:  # fmt: skip
    office = an_office(settings, week, own)

    later = hours.add(now, span, office)

    assert later >= now
    assert hours.between(now, later, office) == span


@SOME
@given(moments=st.tuples(ANY, ANY), spans=st.tuples(SPANS, SPANS), week=WEEKS, own=OWN)
def test_who_comes_later_or_needs_longer_is_never_done_earlier(
    settings: Settings, moments: tuple[datetime, datetime], spans: tuple[timedelta, timedelta],
    week: frozenset[int], own: Mapping[date, Mark],
) -> None:  # fmt: skip
    office = an_office(settings, week, own)
    (first, second), (short, long) = sorted(moments), sorted(spans)

    assert hours.add(first, short, office) <= hours.add(second, short, office)
    assert hours.add(first, short, office) <= hours.add(first, long, office)


@SOME
@given(now=ANY, week=WEEKS, own=OWN)
def test_no_promise_falls_on_a_day_that_is_not_worked(
    settings: Settings, now: datetime, week: frozenset[int], own: Mapping[date, Mark]
) -> None:
    office = an_office(settings, week, own)

    for level in (Level.URGENT, Level.ORDINARY):
        due = promised(now, level=level, office=office)
        assert office.calendar.works(office.day(due))
        assert due > now


@SOME
@given(now=ANY, spans=st.tuples(SPANS, SPANS), week=WEEKS, own=OWN)
def test_measured_parts_make_the_whole(
    settings: Settings, now: datetime, spans: tuple[timedelta, timedelta], week: frozenset[int],
    own: Mapping[date, Mark],
) -> None:  # fmt: skip
    office = an_office(settings, week, own)
    middle = now + spans[0]
    end = middle + spans[1]

    parts = hours.between(now, middle, office) + hours.between(middle, end, office)

    assert parts == hours.between(now, end, office)
    assert hours.between(end, now - timedelta(seconds=1), office) == timedelta()


def test_a_second_shift_needs_nothing_but_its_hours(settings: Settings) -> None:
    class TwoShifts(Office):
        def shifts(self, day: date) -> tuple[hours.Shift, ...]:
            found = super().shifts(day)
            evening = timedelta(hours=2)
            return (*found, *((end + evening, end + 2 * evening) for _, end in found))

    office = TwoShifts(Calendar(frozenset({1}), {}, {}), settings)
    monday = datetime(2026, 3, 2, 17, 0, tzinfo=settings.zone)

    later = hours.add(monday, timedelta(hours=1), office)

    assert later == datetime(2026, 3, 2, 20, 0, tzinfo=settings.zone)
    assert hours.between(monday, later, office) == timedelta(hours=1)
    assert hours.is_open(later, office=office)


@pytest.mark.parametrize("day", ["2026-09-20", "2026-10-10", "2026-02-28", "2026-01-04"])
def test_a_make_up_day_is_worked(settings: Settings, day: str) -> None:
    office = an_office(settings, frozenset({1, 2, 3, 4, 5}), {})

    assert date.fromisoformat(day).isoweekday() > 5
    assert len(office.shifts(date.fromisoformat(day))) == 1
