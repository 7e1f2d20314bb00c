"""
What residents' messages have in common: what to expect of a question, whatever it is about.

A new knowledge base is too small to tell by itself which words say something, and how close a
question comes that has nothing to do with it.  The messages that are shipped tell both.
"""

import math
from collections import Counter
from collections.abc import Iterable
from functools import cache

import numpy as np

from bot.knowledge.heard import Heard, shipped
from bot.knowledge.lexical import Floats
from bot.knowledge.tokens import grams_kept
from bot.knowledge.vectors import DIMENSIONS, digest, usual_vectors
from bot.knowledge.vectors import shipped as shipped_vectors

RARE = 2
"""Messages that have a term which says most; in fewer, it is as likely a typo."""
_EVERY = 4
"""Of the messages one in so many is compared with: enough to see how close they come."""


def weight(terms: Iterable[str]) -> float:
    """Return how much these terms say: the fewer messages have one, the more."""
    known, most = _weights(), _weight(RARE)
    return sum(known.get(term, most) for term in terms)


@cache
def strangers() -> Floats:
    """
    Return unit vectors of messages, one a row, what is common to questions taken away.

    To an entry of another knowledge base nearly all of them are strangers.
    """
    vectors, names = shipped_vectors(), [digest(("query", text)) for text in _texts(shipped())]
    found = [vectors[name] for name in names[::_EVERY] if name in vectors]
    apart = np.array(found, np.float32).reshape(-1, DIMENSIONS) - usual_vectors()["query"]
    lengths = np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), np.float32(1e-6))
    unit: Floats = (apart / lengths).astype(np.float32)
    return unit


@cache
def _weights() -> dict[str, float]:
    """Return what each term says that is not rare."""
    found = Counter(term for text in _texts(shipped()) for term in set(grams_kept(text)))
    return {term: _weight(often) for term, often in found.items() if often > RARE}


@cache
def _weight(often: int) -> float:
    """Return what a term says that so many messages have."""
    return math.log(1 + (_total() - often + 0.5) / (often + 0.5))


@cache
def _total() -> int:
    # Without messages every term says the same.
    return max(len(_texts(shipped())), 2 * RARE)


def _texts(heard: Heard) -> list[str]:
    answered = (text for texts in heard.by_entry.values() for text in texts)
    return list(dict.fromkeys([*heard.unanswered, *answered]))
