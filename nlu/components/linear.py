"""A calibrated linear classifier."""

import json
import multiprocessing
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from nlu.components.row import Row

_FOLDS = 3
_EXACT, _NEAR = 1e-4, 1e-2
"""How near to the best a fit comes: the one that is kept, and those that set its temperature."""
_LARGE = 2_000
"""Messages from which a second processor is worth a process."""
_LEAST_ODDS = 1e-9
_TEMPERATURES = np.geomspace(0.03, 1.0, 36)

Scored = tuple[np.ndarray, np.ndarray]
"""Scores of messages not learnt from (messages, labels), and the columns that are right."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What there is to learn: rows (messages, terms); copies of one message share a group."""

    rows: csr_matrix
    labels: np.ndarray
    groups: list[str]
    trust: float = 0.0
    """Where above 0 the last columns are log odds of the labels, and this their weight."""
    squares: bool = False
    """
    Learnt by the least squares of the errors instead of the widest margin: where labels are
    many and overlap, no margin between them holds for other writers.
    """


@dataclass(frozen=True, slots=True)
class LinearModel:
    """
    Weights (terms, labels), bias (labels) and the temperature that calibrates them.

    Kept, and so in the server's memory, weights are half floats.
    """

    labels: list[str]
    weights: np.ndarray
    bias: np.ndarray
    temperature: float = 1.0

    def probabilities(self, row: Row) -> np.ndarray:
        """Return the probability of each label; (labels)."""
        scores = row.values @ self.weights[row.columns].astype(np.float32) + self.bias
        return _softmax(scores[None, :] / self.temperature)[0]

    def scores(self, rows: csr_matrix) -> np.ndarray:
        """Return the raw scores; (messages, labels)."""
        return np.asarray(rows @ self.weights + self.bias)

    def save(self, folder: Path) -> None:
        """Write arrays and labels into *folder*; nothing in them can run."""
        weights = self.weights.astype(np.float16)
        np.savez_compressed(folder / "model.npz", weights=weights, bias=self.bias)
        settings = {"labels": self.labels, "temperature": self.temperature}
        (folder / "model.json").write_text(json.dumps(settings), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> "LinearModel":
        """Return the model that `save` wrote."""
        settings = json.loads((folder / "model.json").read_text("utf-8"))
        with np.load(folder / "model.npz", allow_pickle=False) as arrays:
            return cls(weights=arrays["weights"], bias=arrays["bias"], **settings)


def fit_calibrated(lesson: Lesson, *, strength: float) -> LinearModel:
    """
    Return the model fitted to the whole lesson, its temperature set on unseen folds.

    Scores on texts learnt from are too sure of themselves, so each third is
    scored by a model of the other two, and the temperature is the one that makes
    those scores most likely.
    """
    with _beside(lesson, strength) as unseen:
        fitted = _fit(lesson, np.arange(len(lesson.labels)), strength, _EXACT)
        held = unseen()
    degree = min(_TEMPERATURES, key=lambda degree: sum(_loss(*one, degree) for one in held))
    return replace(fitted, temperature=float(degree))


@contextmanager
def _beside(lesson: Lesson, strength: float) -> Iterator[Callable[[], list[Scored]]]:
    """Score the folds on another processor during the block, which asks for them at its end."""
    if len(lesson.labels) < _LARGE or (os.cpu_count() or 1) == 1 or os.name != "posix":
        yield lambda: list(_unseen(lesson, strength))
        return
    # Not threads: liblinear has one source of chance, and models must come out the same.
    apart = multiprocessing.get_context("fork")
    ours, theirs = apart.Pipe(duplex=False)
    helper = apart.Process(target=_tell, args=(ours, theirs, lesson, strength), daemon=True)
    helper.start()
    theirs.close()
    try:
        yield lambda: _heard(ours) or list(_unseen(lesson, strength))
    finally:
        ours.close()
        helper.kill()
        helper.join()


def _tell(ours: Connection, theirs: Connection, lesson: Lesson, strength: float) -> None:
    ours.close()  # held open here it would let a helper wait for ever whose training was killed
    with suppress(BrokenPipeError):
        theirs.send(list(_unseen(lesson, strength)))


def _heard(ours: Connection) -> list[Scored]:
    """Return what the helper says; nothing where it was killed."""
    try:
        return list(ours.recv())
    except EOFError:
        return []


def _unseen(lesson: Lesson, strength: float) -> Iterator[Scored]:
    """Yield, for each fold, its scores (messages, labels) and the columns that are right."""
    folds = np.array([zlib.crc32(group.encode()) % _FOLDS for group in lesson.groups])
    for fold in range(_FOLDS):
        seen, unseen = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        if set(lesson.labels[seen]) != set(lesson.labels):
            continue  # too few examples for a third of them to be missed
        model = _fit(lesson, seen, strength, _NEAR)
        right = np.searchsorted(model.labels, lesson.labels[unseen])
        yield model.scores(lesson.rows[unseen]), right


def _loss(scores: np.ndarray, right: np.ndarray, degree: float) -> float:
    """Return the surprise at the right labels under a temperature, in nats."""
    odds = _softmax(scores / degree)[np.arange(len(right)), right]
    return float(-np.log(np.maximum(odds, _LEAST_ODDS)).sum())


def _fit(lesson: Lesson, chosen: np.ndarray, strength: float, near: float) -> LinearModel:
    machine = _by_squares(strength) if lesson.squares else _by_margin(strength, near)
    labels = lesson.labels[chosen]
    kinds = len(set(labels))
    given = np.eye(kinds) * lesson.trust if lesson.trust else np.zeros((0, kinds))
    # Learnt beside the words, odds that are nearly right already would be leant on less.
    machine.fit(lesson.rows[chosen][:, : lesson.rows.shape[1] - len(given)], labels)
    weights, bias = machine.coef_, machine.intercept_
    if len(weights) == 1:  # two labels: scikit-learn keeps one row for both
        weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    return LinearModel(
        labels=[str(label) for label in machine.classes_],
        weights=np.concatenate([weights.T, given]).astype(np.float32),
        bias=bias.astype(np.float32),
    )


# Only training needs scikit-learn, and it would cost the server 60 MB.
def _by_margin(strength: float, near: float) -> Any:  # noqa: ANN401  (it has no types)
    from sklearn.svm import LinearSVC  # noqa: PLC0415

    return LinearSVC(C=strength, class_weight="balanced", random_state=0, tol=near)


def _by_squares(strength: float) -> Any:  # noqa: ANN401
    from sklearn.linear_model import RidgeClassifier  # noqa: PLC0415

    return RidgeClassifier(alpha=1 / strength, solver="lsqr", tol=_NEAR)


def _softmax(scores: np.ndarray) -> np.ndarray:
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)
