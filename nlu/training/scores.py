"""The figures by which a classifier is judged."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

_BINS = 10


@dataclass
class Tally:
    """Collects what was expected beside what was answered, for one kind of label."""

    expected: list[str] = field(default_factory=list)
    rankings: list[list[dict[str, Any]]] = field(default_factory=list)

    def add(self, expected: str, ranking: list[dict[str, Any]]) -> None:
        """Note one answer."""
        self.expected.append(expected)
        self.rankings.append(ranking)

    def accuracy(self, *, within: int = 1) -> float:
        """Return the share whose label is among the first *within*."""
        firsts = [{entry["name"] for entry in ranking[:within]} for ranking in self.rankings]
        return _mean([label in names for label, names in zip(self.expected, firsts, strict=True)])

    def recall(self, label: str) -> float:
        """Return the share of *label* that was found."""
        answers = [best for wanted, best in self._pairs() if wanted == label]
        return _mean([answer == label for answer in answers])

    def macro_f1(self) -> float:
        """Return the mean over the expected labels of F1."""
        return _mean([self.f1(label) for label in sorted(set(self.expected))])

    def f1(self, label: str) -> float:
        """Return 2 hits / (expected + answered)."""
        hits = sum(wanted == best == label for wanted, best in self._pairs())
        named = sum((wanted == label) + (best == label) for wanted, best in self._pairs())
        return 2 * hits / named if named else 0.0

    def calibration_error(self) -> float:
        """Return the expected calibration error over ten bins of confidence."""
        sure = np.array([ranking[0]["confidence"] for ranking in self.rankings])
        right = np.array([wanted == best for wanted, best in self._pairs()], dtype=float)
        bins = np.minimum((sure * _BINS).astype(int), _BINS - 1)
        gaps = [abs((sure - right)[bins == one].sum()) for one in range(_BINS)]
        return float(sum(gaps) / max(len(sure), 1))

    def confusions(self) -> list[tuple[str, str]]:
        """Return the wrong answers as (expected, answered)."""
        return [(wanted, best) for wanted, best in self._pairs() if wanted != best]

    def _pairs(self) -> list[tuple[str, str]]:
        bests = [ranking[0]["name"] for ranking in self.rankings]
        return list(zip(self.expected, bests, strict=True))


@dataclass
class Found:
    """Counts how often something that is rarely there was found, and rightly."""

    wanted: int = 0
    hits: int = 0
    extra: int = 0

    def add(self, *, wanted: bool, told: bool) -> None:
        """Note one message: whether it was there, and whether it was found."""
        self.wanted += wanted
        self.hits += wanted and told
        self.extra += told and not wanted

    def line(self) -> str:
        """Return recall and precision, with the counts they rest on."""
        told = self.hits + self.extra
        recall, precision = self.hits / max(self.wanted, 1), self.hits / max(told, 1)
        return f"recall {recall:.3f} of {self.wanted}  precision {precision:.3f} of {told}"


def _mean(values: list[Any]) -> float:
    return float(np.mean(values)) if values else 0.0
