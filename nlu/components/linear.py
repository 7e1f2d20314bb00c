"""A calibrated linear classifier over the features of a message and its clauses."""

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

_FOLDS = 3
_LEAST_ODDS = 1e-9
_TEMPERATURES = np.geomspace(0.03, 1.0, 36)


@dataclass(frozen=True, slots=True)
class Batch:
    """
    The rows of some messages: each whole message first, its clauses after it.

    `starts` (messages + 1) says where each message begins, and where all end.
    """

    rows: csr_matrix
    starts: np.ndarray

    def wholes(self, chosen: np.ndarray) -> csr_matrix:
        """Return the rows of the *chosen* messages as wholes."""
        return self.rows[self.starts[:-1][chosen]]

    def only(self, chosen: np.ndarray) -> "Batch":
        """Return the *chosen* messages, clauses and all."""
        spans = [np.arange(*self.starts[place : place + 2]) for place in chosen]
        starts = np.cumsum([0, *(len(span) for span in spans)])
        return Batch(self.rows[np.concatenate(spans)], starts)


@dataclass(frozen=True, slots=True)
class Lesson:
    """What there is to learn; copies of the same message share a group."""

    batch: Batch
    labels: np.ndarray
    groups: list[str]


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Weights (labels, terms), bias (labels) and the temperature that calibrates them."""

    labels: list[str]
    weights: np.ndarray
    bias: np.ndarray
    clause_share: float
    temperature: float = 1.0

    def probabilities(self, batch: Batch) -> np.ndarray:
        """Return the probability of each label; (messages, labels)."""
        return self.vote(self.scores(batch), batch.starts)

    def scores(self, batch: Batch) -> np.ndarray:
        """Return the raw scores; (rows, labels)."""
        return np.asarray(batch.rows @ self.weights.T + self.bias)

    def vote(self, scores: np.ndarray, starts: np.ndarray) -> np.ndarray:
        """
        Return the probability of each label from the scores of the rows.

        In a long story one clause says what is wanted and the rest hides it, so
        the mean vote of the clauses has a share beside the whole.
        """
        votes = _softmax(scores / self.temperature)
        wholes, counts = votes[starts[:-1]], np.diff(starts)[:, None] - 1
        clauses = (np.add.reduceat(votes, starts[:-1]) - wholes) / np.maximum(counts, 1)
        # A message of one clause is that clause.
        share = np.where(counts > 1, self.clause_share, 0.0)
        return (1 - share) * wholes + share * clauses

    def save(self, folder: Path) -> None:
        """Write arrays and labels into *folder*; nothing in them can run."""
        np.savez_compressed(folder / "model.npz", weights=self.weights, bias=self.bias)
        settings = {
            "labels": self.labels,
            "clause_share": self.clause_share,
            "temperature": self.temperature,
        }
        (folder / "model.json").write_text(json.dumps(settings), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> "LinearModel":
        """Return the model that `save` wrote."""
        settings = json.loads((folder / "model.json").read_text("utf-8"))
        with np.load(folder / "model.npz", allow_pickle=False) as arrays:
            return cls(weights=arrays["weights"], bias=arrays["bias"], **settings)


@dataclass(frozen=True, slots=True)
class Scored:
    """Scores (rows, labels) of messages never learnt from; `right`: the column of each label."""

    scores: np.ndarray
    starts: np.ndarray
    right: np.ndarray

    def loss(self, model: LinearModel) -> float:
        """Return the surprise at the right labels under the temperature of *model*, in nats."""
        votes = model.vote(self.scores, self.starts)
        odds = votes[np.arange(len(self.right)), self.right]
        return float(-np.log(np.maximum(odds, _LEAST_ODDS)).sum())


def fit_calibrated(lesson: Lesson, *, strength: float, clause_share: float) -> LinearModel:
    """
    Return the model fitted to the whole lesson, its temperature set on unseen folds.

    Scores on texts learnt from are too sure of themselves, so each third is
    scored by a model of the other two, and the temperature is the one that makes
    those scores most likely.
    """
    everything = np.arange(len(lesson.labels))
    fitted = _fit(lesson, everything, strength, clause_share)
    unseen = list(_unseen(lesson, strength, clause_share))
    return min(
        (replace(fitted, temperature=float(degree)) for degree in _TEMPERATURES),
        key=lambda model: sum(scored.loss(model) for scored in unseen),
    )


def _unseen(lesson: Lesson, strength: float, clause_share: float) -> Iterator[Scored]:
    folds = np.array([zlib.crc32(group.encode()) % _FOLDS for group in lesson.groups])
    for fold in range(_FOLDS):
        seen, unseen = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        if set(lesson.labels[seen]) != set(lesson.labels):
            continue  # too few examples for a third of them to be missed
        model = _fit(lesson, seen, strength, clause_share)
        batch = lesson.batch.only(unseen)
        right = np.searchsorted(model.labels, lesson.labels[unseen])
        yield Scored(model.scores(batch), batch.starts, right)


def _fit(lesson: Lesson, chosen: np.ndarray, strength: float, clause_share: float) -> LinearModel:
    # Only training needs scikit-learn, and it would cost the server 60 MB.
    from sklearn.svm import LinearSVC  # noqa: PLC0415

    machine = LinearSVC(C=strength, class_weight="balanced", random_state=0)
    machine.fit(lesson.batch.wholes(chosen), lesson.labels[chosen])
    weights, bias = machine.coef_, machine.intercept_
    if len(weights) == 1:  # two labels: scikit-learn keeps one row for both
        weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    return LinearModel(
        labels=[str(label) for label in machine.classes_],
        weights=weights.astype(np.float32),
        bias=bias.astype(np.float32),
        clause_share=clause_share,
    )


def _softmax(scores: np.ndarray) -> np.ndarray:
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)
