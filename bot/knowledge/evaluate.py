"""Measuring the search on a benchmark: the service's own index, ranking and confidence."""

import random
import resource
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.contracts import Action
from bot.knowledge.benchmark import Benchmark, Query
from bot.knowledge.confidence import Confidence, Sort
from bot.knowledge.examples import Encode
from bot.knowledge.index import Index
from bot.knowledge.ranking import Ranking, rank
from bot.knowledge.vectors import Text, Vectors, digest, texts_of

DEPTH = 10
PRECISION = 0.95
REPEATS = 20
_LEAST = 15
"""Answers below which a precision says nothing."""
Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What came out: figures by what texts were compared by."""

    entries: int
    queries: int
    notes: tuple[str, ...]
    figures: Mapping[Sort, Figures]

    def as_json(self) -> dict[str, object]:
        """Return it for JSON, rounded."""
        rounded: dict[str, object] = {
            sort: {name: round(figure, 4) for name, figure in figures.items()}
            for sort, figures in self.figures.items()
        }
        counts = {"entries": self.entries, "queries": self.queries, "notes": list(self.notes)}
        return {**counts, **rounded}

    def as_table(self) -> str:
        """Return it for people."""
        lines = [f"{self.entries} entries, {self.queries} queries", *self.notes, ""]
        sorts = list(self.figures)
        lines.append(" " * 34 + "".join(f"by {sort}".rjust(14) for sort in sorts))
        for name in next(iter(self.figures.values())):
            cells = (f"{self.figures[sort][name]:.3f}".rjust(14) for sort in sorts)
            lines.append(name.ljust(34) + "".join(cells))
        return "\n".join(lines)


def evaluate(
    benchmark: Benchmark,
    encode: Encode | None,
    *,
    confidence: Confidence,
    limit: int = 0,
) -> Evaluation:
    """
    Put the first *limit* queries (0: all) to an index of the documents.

    Without *encode*, or where it makes no vectors, texts are compared by words alone.
    """
    queries = benchmark.queries[: limit or None]
    found: dict[Sort, Figures] = {"words": _measure(benchmark, queries, {}, confidence)}
    notes = benchmark.notes
    if encode:
        started = time.perf_counter()
        texts = [text for document in benchmark.documents for text in texts_of(document)]
        asked: list[Text] = [("query", query.text) for query in queries]
        vectors = encode(list(dict.fromkeys([*texts, *asked])))
        seconds = time.perf_counter() - started
        if all(digest(text) in vectors for text in (*texts, *asked)):
            found["meaning"] = _measure(benchmark, queries, vectors, confidence)
            notes = (*notes, f"{len(texts) + len(asked)} texts encoded in {seconds:.0f} s")
        else:
            notes = (*notes, "without vectors: the encoder does not answer")
    return Evaluation(len(benchmark.documents), len(queries), notes, found)


def _measure(
    benchmark: Benchmark, queries: Sequence[Query], vectors: Vectors, confidence: Confidence
) -> Figures:
    before, started = _memory(), time.perf_counter()
    index = Index(benchmark.documents, vectors)
    built = time.perf_counter() - started
    places, seconds = [], []
    for query in queries:
        began = time.perf_counter()
        ranking = _rank(index, query, vectors, confidence)
        seconds.append(time.perf_counter() - began)
        places.append(_place(index, ranking, query))
    found = np.array(places)
    return {
        **{f"hit@{k}": float(np.mean((found > 0) & (found <= k))) for k in (1, 3, 5)},
        "MRR@10": float(np.mean(np.where(found > 0, 1 / np.maximum(found, 1), 0))),
        **_half_removed(index, queries, vectors, confidence),
        "build seconds": built,
        "memory MB": max(_memory() - before, 0.0),
        "ms a query, p50": float(np.percentile(seconds, 50)) * 1000,
        "ms a query, p99": float(np.percentile(seconds, 99)) * 1000,
    }


def _half_removed(
    index: Index, queries: Sequence[Query], vectors: Vectors, confidence: Confidence
) -> Figures:
    """Take the answers to every other query away, and see which questions are still answered."""
    chance = random.Random(3)  # noqa: S311  (no secret)
    sure, right, banded = [], [], []
    for query in queries:
        gone = chance.random() < 0.5  # noqa: PLR2004
        hidden = [index.position[entry] for entry in query.gold] if gone else []
        ranking = _rank(index, query, vectors, confidence, hidden=hidden)
        sure.append(ranking.right)
        right.append(not gone and _place(index, ranking, query) == 1)
        judge = confidence.by[ranking.sort]
        banded.append(judge.band(ranking.right, ranking.holds) is Action.ANSWER)
    precision, coverage = _held_out(np.array(sure), np.array(right))
    answered = np.array(banded)
    return {
        "coverage at 95 % (half removed)": coverage,
        "its precision on the other half": precision,
        "answered by the shipped threshold": float(answered.mean()),
        "precision of those": float(np.array(right)[answered].mean()) if answered.any() else 1.0,
    }


def _held_out(
    sure: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    right: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
) -> tuple[float, float]:
    """Return precision and coverage of a threshold chosen on the other half, over repeats."""
    chance = np.random.default_rng(0)
    precisions, coverages = [], []
    for _ in range(REPEATS):
        mixed = chance.permutation(len(sure))
        chosen, applied = mixed[: len(sure) // 2], mixed[len(sure) // 2 :]
        ordered = chosen[np.argsort(-sure[chosen], kind="stable")]
        running = np.cumsum(right[ordered]) / np.arange(1, len(ordered) + 1)
        good = np.flatnonzero((running >= PRECISION) & (np.arange(1, len(ordered) + 1) >= _LEAST))
        if not len(good):
            coverages.append(0.0)
            continue
        answered = applied[sure[applied] >= sure[ordered[good[-1]]]]
        coverages.append(len(answered) / len(applied))
        if len(answered):
            precisions.append(float(right[answered].mean()))
    return float(np.mean(precisions)) if precisions else 1.0, float(np.mean(coverages))


def _rank(
    index: Index,
    query: Query,
    vectors: Vectors,
    confidence: Confidence,
    *,
    hidden: Collection[int] = (),
) -> Ranking:
    vector = vectors.get(digest(("query", query.text)))
    return rank(
        index, query.text, vector=vector, confidence=confidence, hidden=hidden, depth=DEPTH
    )


def _place(index: Index, ranking: Ranking, query: Query) -> int:
    ids = [index.documents[at].hit.entry_id for at in ranking.best[:DEPTH]]
    return next((place for place, entry in enumerate(ids, 1) if entry in query.gold), 0)


def _memory() -> float:
    """Return the most memory this process ever had, in MB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 2**10)
