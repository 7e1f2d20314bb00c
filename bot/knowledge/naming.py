"""A message that is a bare word, such as 低保: which entries it names."""

from collections.abc import Sequence

from bot.knowledge.documents import Document
from bot.knowledge.tokens import bare

LONGEST = 8
"""Characters; whoever writes more has said what they want to know of it."""
MOST = 6
"""Entries that may hold the word at all: 老板 and 在家 are in too many to be what is asked for."""


def about(documents: Sequence[Document], text: str) -> list[int]:
    """
    Return which of *documents* the bare word *text* is the subject of, best first.

    The subject that is the word itself comes before one that holds it, and of each the
    shortest question first: the general one (低保怎么申请) before what few can mean.
    """
    word = bare(text)
    if not 1 < len(word) <= LONGEST:
        return []
    ranks = {at: _rank(word, bare(one.subject)) for at, one in enumerate(documents)}
    named = [at for at, rank in ranks.items() if rank is not None]
    return sorted(named, key=lambda at: (ranks[at], len(documents[at].hit.question), at))


def in_question(documents: Sequence[Document], text: str) -> list[int]:
    """Return the few of *documents* whose question holds the bare word, shortest first."""
    word = bare(text)
    if not 1 < len(word) <= LONGEST or word.isdigit():
        return []
    found = [at for at, one in enumerate(documents) if word in bare(one.hit.question)]
    found.sort(key=lambda at: (len(documents[at].hit.question), at))
    return found if 0 < sum(word in bare(_all(one)) for one in documents) <= MOST else []


def _all(document: Document) -> str:
    return "\n".join((document.hit.question, *document.variants, document.hit.answer))


def _rank(word: str, subject: str) -> int | None:
    if word not in subject:
        return None
    return 0 if word == subject else 1
