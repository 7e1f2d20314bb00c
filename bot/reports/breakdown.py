"""The numbers of one period told apart by one dimension, with small cells hidden."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.reports.cells import SMALL, hidden
from bot.reports.counting import EVERYTHING
from bot.reports.dimensions import Dimension
from bot.reports.measures import Asked, Ended, Opened, ended, opened
from bot.reports.periods import Period

OPENED_KINDS = ("in_time", "late", "missed", "open")
ENDED_KINDS = ("yes", "no", "explained", "silent", "unreachable", "other")
RATED_KINDS = ("happy", "unhappy", "unrated")
PARTS = (("count", OPENED_KINDS), ("ended", ENDED_KINDS), ("ended", RATED_KINDS))
TWICE = 2
"""So many times the median of all is too long for anybody."""
WORTH_A_WORD = 600
"""Seconds; a difference of less is noise, however many times the median it is."""


@dataclass(frozen=True, slots=True)
class Row:
    """One value of the dimension."""

    key: str
    opened: Opened
    ended: Ended
    gone: frozenset[str] = field(default=frozenset())
    """Counts that must not be shown: `count`, `in_time`, `ended`, `yes`, …"""

    def shows(self, *names: str) -> bool:
        """Say whether all of these counts may be shown, and so what follows from them."""
        return self.gone.isdisjoint(names)

    @property
    def response(self) -> float | None:
        """Promises of a first answer that were kept, of those kept or broken."""
        if not self.opened.decided or not self.shows("in_time", "count", "open"):
            return None
        return self.opened.in_time / self.opened.decided

    @property
    def solved(self) -> float | None:
        """Residents who said solved, of those who said yes or no."""
        if not self.ended.answered or not self.shows("yes", "no"):
            return None
        return self.ended.yes / self.ended.answered

    @property
    def satisfied(self) -> float | None:
        """Residents who said satisfied, of those who said satisfied or not."""
        if not self.ended.rated or not self.shows("happy", "unhappy"):
            return None
        return self.ended.happy / self.ended.rated

    @property
    def waited(self) -> int | None:
        """The median of working seconds to the first answer; too few tell nothing."""
        few = self.opened.count < SMALL or not self.shows("count")
        return None if few else self.opened.median

    @property
    def refused(self) -> float | None:
        """What was turned away or sent elsewhere, of all that ended."""
        if self.ended.count < SMALL or not self.shows("ended", "refused"):
            return None
        return self.ended.refused / self.ended.count


@dataclass(frozen=True, slots=True)
class Breakdown:
    """All values of a dimension, the busiest first, and all together."""

    by: Dimension
    rows: Sequence[Row]
    total: Row

    @property
    def any_hidden(self) -> bool:
        """Whether something is hidden in it."""
        return any(row.gone for row in (*self.rows, self.total))

    def waits_twice(self) -> Sequence[Row]:
        """Return who waits at least twice as long as the middle of all."""
        middle = self.total.opened.median
        if middle is None:
            return ()
        least = max(TWICE * middle, middle + WORTH_A_WORD)
        return [row for row in self.rows if row.waited is not None and row.waited >= least]


def breakdown(asked: Asked, period: Period, by: Dimension) -> Breakdown:
    """Return the period told apart by the dimension."""
    came, went = opened(asked, period, by), ended(asked, period, by)
    rows = [
        Row(key, came.get(key, Opened()), went.get(key, Ended()))
        for key in sorted(came.keys() | went.keys() - {EVERYTHING})
        if key != EVERYTHING
    ]
    rows.sort(key=lambda row: (-row.opened.count, -row.ended.count, row.key))
    total = Row(EVERYTHING, came[EVERYTHING], went[EVERYTHING])
    gone = _hidden(rows, total)
    *rows, total = (
        Row(row.key, row.opened, row.ended, _of(gone, number))
        for number, row in enumerate((*rows, total))
    )
    return Breakdown(by, rows, total)


def _hidden(rows: Sequence[Row], total: Row) -> frozenset[str]:
    counts = [_counts(row) for row in (*rows, total)]
    cells = {f"{number}:{name}": n for number, it in enumerate(counts) for name, n in it.items()}
    return hidden(cells, list(_lines(len(rows), counts[-1])))


def _counts(row: Row) -> Mapping[str, int]:
    it, done = row.opened, row.ended
    return {
        "count": it.count, "in_time": it.in_time, "late": it.late, "missed": it.missed,
        "open": it.open, "ended": done.count, "yes": done.yes, "no": done.no,
        "explained": done.explained, "silent": done.silent, "unreachable": done.unreachable,
        "other": done.count - done.asked, "refused": done.refused,
        "happy": done.happy, "unhappy": done.unhappy, "unrated": done.count - done.rated,
    }  # fmt: skip


def _lines(total: int, names: Mapping[str, int]) -> Iterator[Mapping[str, int]]:
    """What adds up: each row within itself, and each column to the row of all."""
    for number in range(total + 1):
        for whole, parts in PARTS:
            yield {f"{number}:{name}": 1 for name in parts} | {f"{number}:{whole}": -1}
    for name in names:
        yield {f"{number}:{name}": 1 for number in range(total)} | {f"{total}:{name}": -1}


def _of(gone: frozenset[str], number: int) -> frozenset[str]:
    mine = f"{number}:"
    return frozenset(name.removeprefix(mine) for name in gone if name.startswith(mine))
