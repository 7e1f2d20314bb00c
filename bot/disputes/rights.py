"""
Until when a right can be claimed, computed from the facts of a dispute.

Every date names the article it follows from.  Days are calendar days, as the
law counts them; where the law counts from an event, its day is not counted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.disputes.tables import DisputeKind

ARBITRATION = "劳动争议调解仲裁法"
MEDIATION_DAYS = 15
ACCEPTANCE_DAYS = 5
AWARD_DAYS, MORE_AWARD_DAYS = 45, 15
COURT_DAYS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a date follows from."""

    kind: DisputeKind
    known_on: date | None = None
    ended_on: date | None = None
    accident_on: date | None = None
    mediation_on: date | None = None
    filed_on: date | None = None
    accepted_on: date | None = None
    extended: bool = False
    award_on: date | None = None
    interrupted_on: date | None = None
    settled: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """One date of the law."""

    key: str
    name: str
    until: date
    law: str
    after: str
    """What can be done then, or is lost, in words for staff and resident."""
    loses: bool
    """Past it a right is lost; otherwise somebody else is late."""


def limits(facts: Facts) -> list[Limit]:
    """Return the dates that still matter, the soonest first; none once it is settled."""
    if facts.settled:
        return []
    return sorted(_limits(facts), key=lambda it: it.until)


def next_loss(facts: Facts) -> Limit | None:
    """Return the date by which something must be done, or a right is lost."""
    return next((limit for limit in limits(facts) if limit.loses), None)


def _limits(facts: Facts) -> Iterator[Limit]:
    if facts.kind == DisputeKind.OTHER:
        return
    if facts.award_on is not None:
        yield Limit(
            "court",
            "向法院起诉",
            facts.award_on + timedelta(days=COURT_DAYS),
            f"《{ARBITRATION}》第四十八条、第五十条",
            "收到裁决书15日内不起诉，裁决就生效",
            loses=True,
        )
        return
    if facts.filed_on is None:
        yield from _claim(facts)
        yield from _mediation(facts)
        return
    yield from _arbitration(facts)


def _claim(facts: Facts) -> Iterator[Limit]:
    """The year for applying; for wages it runs from the end of the employment."""
    if facts.kind == DisputeKind.INJURY and facts.accident_on is not None:
        yield Limit(
            "injury",
            "申请工伤认定",
            _a_year_after(facts.accident_on),
            "《工伤保险条例》第十七条",
            "单位30日内没申请的，本人或家属1年内可以自己申请，过了就不受理",
            loses=True,
        )
    wages = facts.kind == DisputeKind.WAGES
    if wages and facts.ended_on is None:
        return  # while the employment goes on the year does not run
    start = facts.ended_on if wages else facts.known_on
    claimed = facts.interrupted_on
    # What is over already does not begin anew.
    if claimed and (start is None or start < claimed <= _a_year_after(start)):
        start = claimed
    if start is None:
        return
    article = "第二十七条第四款" if wages else "第二十七条第一款"
    yield Limit(
        "claim",
        "申请劳动仲裁",
        _a_year_after(start),
        f"《{ARBITRATION}》{article}",
        "过了一年，对方可以说超过时效，仲裁就难赢",
        loses=True,
    )


def _mediation(facts: Facts) -> Iterator[Limit]:
    if facts.mediation_on is not None:
        yield Limit(
            "mediation",
            "调解到期",
            facts.mediation_on + timedelta(days=MEDIATION_DAYS),
            f"《{ARBITRATION}》第十四条第三款",
            "15日内没调成，就可以直接去仲裁",
            loses=False,
        )


def _arbitration(facts: Facts) -> Iterator[Limit]:
    if facts.accepted_on is None and facts.filed_on is not None:
        yield Limit(
            "acceptance",
            "仲裁委答复收不收",
            facts.filed_on + timedelta(days=ACCEPTANCE_DAYS),
            f"《{ARBITRATION}》第二十九条",
            "5日内不收、不答复，就可以去法院起诉",
            loses=False,
        )
    elif facts.accepted_on is not None:
        days = AWARD_DAYS + (MORE_AWARD_DAYS if facts.extended else 0)
        yield Limit(
            "award",
            "仲裁裁决到期",
            facts.accepted_on + timedelta(days=days),
            f"《{ARBITRATION}》第四十三条第一款",
            "45日（案情复杂的再加15日）内没裁决，就可以去法院起诉",
            loses=False,
        )


def _a_year_after(day: date) -> date:
    """Return the same day a year later; of 29 February the 28th, so that nothing is promised."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
