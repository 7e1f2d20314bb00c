"""A message that is a bare word, such as 低保: which entries it names."""

from bot.knowledge.index import Index
from bot.knowledge.tokens import bare

LONGEST = 8
"""Characters; whoever writes more has said what they want to know of it."""
MOST = 6
"""Entries that may hold the word at all: 老板 and 在家 are in too many to be what is asked for."""


def about(index: Index, text: str) -> list[int]:
    """
    Return the places of the entries that the bare word *text* is the subject of, best first.

    The subject that is the word itself comes before one that holds it, and of each the
    shortest question first: the general one (低保怎么申请) before what few can mean.
    """
    word = bare(text)
    if not 1 < len(word) <= LONGEST:
        return []
    named = [at for at, one in enumerate(index.spelt) if word in one.subject]
    return sorted(named, key=lambda at: (word != index.spelt[at].subject, *_general(index, at)))


def in_question(index: Index, text: str) -> list[int]:
    """Return the places of the few entries whose question holds the bare word, shortest first."""
    word = bare(text)
    if not 1 < len(word) <= LONGEST or word.isdigit():
        return []
    found = [at for at, one in enumerate(index.spelt) if word in one.question]
    found.sort(key=lambda at: _general(index, at))
    return found if 0 < sum(word in one.whole for one in index.spelt) <= MOST else []


def _general(index: Index, at: int) -> tuple[int, int]:
    return len(index.documents[at].hit.question), at
