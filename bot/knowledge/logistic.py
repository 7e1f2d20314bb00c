"""Fitting a small logistic model."""

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.confidence import FARTHEST, Line

Array = NDArray[np.float64]
_NARROWEST = 1e-3
"""Spread of a feature that hardly differs: rounded, it must not be nothing."""
_STEPS = 50
_SHRINK = 1.0
"""Weight of the penalty on large weights."""


def fit(rows: Array, right: Array, weights: Array) -> Line:
    """Return the model that best tells which rows are right (1) and which are not (0)."""
    means, spreads = rows.mean(0), np.maximum(rows.std(0), _NARROWEST)
    standard = np.clip((rows - means) / spreads, -FARTHEST, FARTHEST)
    table = np.column_stack([standard, np.ones(len(rows))])
    penalty = np.append(np.full(rows.shape[1], _SHRINK), 1e-6)
    found = np.zeros(table.shape[1])
    for _ in range(_STEPS):  # Newton's method: a handful of steps is enough
        guess = 1 / (1 + np.exp(-table @ found))
        slope = table.T @ (weights * (right - guess)) - penalty * found
        curve = (table * (weights * guess * (1 - guess))[:, None]).T @ table + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        found += step
    *each, bias = (round(float(weight), 5) for weight in found)
    return Line(_rounded(means), _rounded(spreads), tuple(each), bias)


def _rounded(values: Array) -> tuple[float, ...]:
    return tuple(round(float(value), 5) for value in values)
