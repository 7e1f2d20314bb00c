"""Measuring the search on questions it has not seen, and setting its confidence by that."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.contracts import Action
from bot.knowledge.confidence import FEATURES, FILE, Confidence, Line, order, topic_prior
from bot.knowledge.examples import DATA, Example, held_out, labelled
from bot.knowledge.guards import turned_round
from bot.knowledge.load import read_cards
from bot.knowledge.logistic import fit
from bot.knowledge.ranking import Ranking, rank

RANK = {"lexical": 40.0, "window": 20.0, "topic": 1.0}
"""By likelihood on held-out phrasings and residents' messages, rounded.  The window finds
1 in 100 more of messages wrapped in talk about other things."""
WEIGHTS = {"question": 1.0, "unanswerable": 0.5, "chat": 0.3, "variant": 0.05, "removed": 0.015}
"""Messages as residents write them count for most.  A held-out phrasing counts little:
it was written to be unlike its siblings, and often another entry answers it as well."""
MESSAGES = frozenset({"question", "unanswerable", "chat"})
"""What residents wrote; a phrasing of an editor's is more often one that a sibling answers too."""
LAYOUTS = (("lexical",), ("window",), ("lexical", "window"))
"""Parts of the ranking that the report compares."""
PRECISION = 0.97
OFFER_AT = 0.4
"""An offer that fails costs one more tap, a refusal costs the wait for a person."""
FOLDS = 5
_UNKNOWN = Line((0.0,) * len(FEATURES), (1.0,) * len(FEATURES), (0.0,) * len(FEATURES), 0.0)


@dataclass(frozen=True, slots=True)
class Judged:
    """One example with what the search made of it."""

    example: Example
    ranking: Ranking
    place: int
    """Where the first right entry stands, from 1; 0: not among the first five."""
    right: float = 0.0
    holds: float = 0.0

    @property
    def guarded(self) -> bool:
        """Whether a guard would keep it from being answered."""
        return turned_round(self.example.text, self.ranking.phrasing)


def calibrate(cards: Path = DATA / "cards.jsonl", *, to: Path = FILE) -> str:
    """Fit the confidence on the content in the repository, write its file, and report."""
    judged = _search(cards)
    right, holds = _fit(judged, first=1), _fit(judged, first=3)
    judged = _cross_validated(judged)
    answer_at = _threshold(judged)
    confidence = Confidence(RANK, right, holds, answer_at=answer_at, offer_at=OFFER_AT)
    confidence.save(to, measured=_figures(judged, confidence))
    return _table(judged, confidence)


def report(cards: Path = DATA / "cards.jsonl") -> str:
    """Return a table of how well questions are found and how right the bands are."""
    judged = _cross_validated(_search(cards))
    answer_at = _threshold(judged)
    confidence = Confidence(RANK, _UNKNOWN, _UNKNOWN, answer_at, OFFER_AT)
    return "\n".join([_table(judged, confidence), *_compared(judged)])


def _search(cards: Path) -> list[Judged]:
    content = read_cards(cards)
    plain = Confidence(RANK, _UNKNOWN, _UNKNOWN, answer_at=1.0, offer_at=1.0)
    return [_judge(example, plain) for example in (*held_out(content), *labelled(content))]


def _judge(example: Example, confidence: Confidence) -> Judged:
    found = rank(example.index, example.text, confidence=confidence, hidden=example.hidden)
    ids = [example.index.documents[at].hit.entry_id for at in found.best[:5]]
    places = [place for place, entry_id in enumerate(ids, 1) if entry_id in example.gold]
    return Judged(example, found, places[0] if places else 0)


def _fit(judged: Sequence[Judged], *, first: int) -> Line:
    rows = np.array([one.ranking.features for one in judged])
    right = np.array([0 < one.place <= first for one in judged], float)
    return fit(rows, right, np.array([WEIGHTS[one.example.kind] for one in judged]))


def _cross_validated(judged: Sequence[Judged]) -> list[Judged]:
    """Give each example the probabilities of a model that has not seen its group."""
    done: list[Judged] = []
    for fold in range(FOLDS):
        seen = [one for one in judged if one.example.group % FOLDS != fold]
        right, holds = _fit(seen, first=1), _fit(seen, first=3)
        for one in judged:
            if one.example.group % FOLDS == fold:
                row = one.ranking.features
                sure = right.probability(row)
                likely = max(sure, holds.probability(row))
                done.append(Judged(one.example, one.ranking, one.place, sure, likely))
    return done


def _compared(judged: Sequence[Judged]) -> Iterator[str]:
    """Yield a line for each layout: which share of the questions it finds first."""
    for parts in LAYOUTS:
        weights = {name: RANK[name] if name in parts else 0.0 for name in RANK}
        cells = [f"{kind} {_first(judged, kind, weights):.3f}" for kind in ("question", "variant")]
        yield f"hit@1 by {' + '.join(parts)}: {', '.join(cells)}"


def _first(judged: Sequence[Judged], kind: str, weights: Mapping[str, float]) -> float:
    found = []
    for one in judged:
        if one.example.kind == kind:
            match, index = one.ranking.match, one.example.index
            best = int(np.argmax(order(match, topic_prior(index, ()), weights)))
            found.append(index.documents[best].hit.entry_id in one.example.gold)
    return sum(found) / len(found)


def _threshold(judged: Sequence[Judged]) -> float:
    """Return the lowest probability from which messages of residents are answered rightly."""
    asked = [one for one in judged if one.example.kind in MESSAGES and not one.guarded]
    ordered = sorted(asked, key=lambda one: -one.right)
    right = np.array([one.place == 1 for one in ordered], float)
    precise = np.flatnonzero(np.cumsum(right) / np.arange(1, len(right) + 1) >= PRECISION)
    return round(ordered[int(precise[-1])].right, 3) if len(precise) else 1.0


def _figures(judged: Sequence[Judged], confidence: Confidence) -> dict[str, dict[str, float]]:
    """Return, by kind of example, the shares that matter."""
    kinds = dict.fromkeys(one.example.kind for one in judged)
    return {
        kind: _shares([one for one in judged if one.example.kind == kind], confidence)
        for kind in kinds
    }


def _shares(judged: Sequence[Judged], confidence: Confidence) -> dict[str, float]:
    bands = [_band(one, confidence) for one in judged]
    answered = [one for one, band in zip(judged, bands, strict=True) if band is Action.ANSWER]
    offered = [one for one, band in zip(judged, bands, strict=True) if band is Action.OFFER]
    figures = {
        "number": len(judged),
        "hit@1": _share(judged, 1),
        "hit@3": _share(judged, 3),
        "answered": len(answered) / len(judged),
        "answers right": _share(answered, 1),
        "offered": len(offered) / len(judged),
        "offers that hold it": _share(offered, 3),
    }
    return {name: round(figure, 3) for name, figure in figures.items()}


def _band(one: Judged, confidence: Confidence) -> Action:
    band = confidence.band(one.right, one.holds)
    return Action.OFFER if band is Action.ANSWER and one.guarded else band


def _share(judged: Sequence[Judged], first: int) -> float:
    return sum(0 < one.place <= first for one in judged) / len(judged) if judged else 0.0


def _table(judged: Sequence[Judged], confidence: Confidence) -> str:
    figures = _figures(judged, confidence)
    names = list(next(iter(figures.values())))
    lines = [" ".join(["kind".ljust(12), *(name.rjust(len(name) + 1) for name in names)])]
    for kind, shares in figures.items():
        cells = (f"{shares[name]:g}".rjust(len(name) + 1) for name in names)
        lines.append(" ".join([kind.ljust(12), *cells]))
    lines.append(f"answered from {confidence.answer_at}, offered from {confidence.offer_at}")
    return "\n".join(lines)
