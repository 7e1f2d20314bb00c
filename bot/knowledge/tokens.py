"""How a text is cut for searching: folded, then into characters and pairs of them."""

import functools
import itertools
import re
import unicodedata

from opencc import OpenCC

LONGEST = 1000
"""Characters of a message that are read; what a resident wants is said well before."""
_RUN = re.compile(r"[㐀-鿿]+|[a-z0-9]+")
_CLAUSE_END = re.compile(r"[,.!?;:，。！？；：、…~\s]+")
_SHORTEST_CLAUSE = 8
_MOST_WINDOWS = 8


def normalise(text: str) -> str:
    """Return the text in one form: NFKC, simplified characters, lower case."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST])
    return str(_converter().convert(plain)).lower()


def bare(text: str) -> str:
    """Return the normalised text without punctuation and spaces."""
    return "".join(_RUN.findall(normalise(text)))


def grams(text: str) -> list[str]:
    """
    Return each Chinese character, each pair of neighbours, each Latin or digit run.

    No pair reaches across punctuation.
    """
    found: list[str] = []
    for run in _RUN.findall(normalise(text)):
        if run.isascii():
            found.append(run)
            continue
        found += run
        found += (run[at : at + 2] for at in range(len(run) - 1))
    return found


@functools.lru_cache(maxsize=20_000)
def grams_kept(text: str) -> tuple[str, ...]:
    """Return `grams`, remembered: most texts of an index stood in the one before."""
    return tuple(grams(text))


def windows(text: str) -> list[str]:
    """Return each two clauses in a row of a long message; nothing for a short one."""
    clauses: list[str] = []
    for piece in _CLAUSE_END.split(text[:LONGEST]):
        if clauses and min(len(piece), len(clauses[-1])) < _SHORTEST_CLAUSE:
            clauses[-1] += piece
        elif piece:
            clauses.append(piece)
    pairs = [first + "，" + second for first, second in itertools.pairwise(clauses)]
    return pairs[-_MOST_WINDOWS:] if len(clauses) > 2 else []  # noqa: PLR2004


@functools.cache
def _converter() -> OpenCC:
    return OpenCC("t2s")
