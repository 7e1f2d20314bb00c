"""The few figures that all the others are made of."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BINS = 10


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many; the rate is None where there were none to count."""

    hits: int
    of: int
    rate: float | None


@dataclass(frozen=True, slots=True)
class Bin:
    """The answers whose confidence lay from *low* to *high*."""

    low: float
    high: float
    number: int
    confidence: float | None
    """Mean; None in an empty bin."""
    right: float | None


@dataclass(frozen=True, slots=True)
class Percentiles:
    """Milliseconds that half, 95 and 99 of 100 did not exceed."""

    number: int
    p50: float | None
    p95: float | None
    p99: float | None


def share(outcomes: Iterable[bool]) -> Share:
    """Return how many of *outcomes* are true."""
    known = list(outcomes)
    return part(sum(known), len(known))


def part(hits: int, of: int) -> Share:
    """Return *hits* of *of*."""
    return Share(hits, of, hits / of if of else None)


def f1(hits: int, expected: int, named: int) -> float | None:
    """Return the harmonic mean of precision and recall; None where there was nothing to find."""
    return 2 * hits / (expected + named) if expected + named else None


def label_f1(pairs: Sequence[tuple[str, str]], label: str) -> float | None:
    """Return F1 of one label over (expected, answered)."""
    hits = sum(wanted == got == label for wanted, got in pairs)
    expected = sum(wanted == label for wanted, _ in pairs)
    return f1(hits, expected, sum(got == label for _, got in pairs))


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Return the mean of F1 over the labels that were expected."""
    labels = {wanted for wanted, _ in pairs}
    return _mean([label_f1(pairs, label) or 0.0 for label in labels])


def bins(judged: Sequence[tuple[float, bool]]) -> tuple[Bin, ...]:
    """Put (confidence, right) into ten bins; 1.0 falls into the last."""
    found = []
    for at in range(BINS):
        inside = [one for one in judged if min(int(one[0] * BINS), BINS - 1) == at]
        sure, right = _mean([one[0] for one in inside]), _mean([one[1] for one in inside])
        found.append(Bin(at / BINS, (at + 1) / BINS, len(inside), sure, right))
    return tuple(found)


def calibration_error(judged: Sequence[tuple[float, bool]]) -> float | None:
    """Return the expected calibration error over ten bins of (confidence, right)."""
    if not judged:
        return None
    gaps = (
        one.number * abs(one.confidence - one.right)
        for one in bins(judged)
        if one.confidence is not None and one.right is not None
    )
    return sum(gaps) / len(judged)


def percentiles(milliseconds: Iterable[float]) -> Percentiles:
    """Return by nearest rank the times that 50, 95 and 99 of 100 did not exceed."""
    ordered = sorted(milliseconds)
    p50, p95, p99 = (
        round(ordered[math.ceil(len(ordered) * rank / 100) - 1], 1) if ordered else None
        for rank in (50, 95, 99)
    )
    return Percentiles(len(ordered), p50, p95, p99)


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
