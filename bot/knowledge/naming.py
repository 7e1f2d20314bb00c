"""A message that is a bare word, such as 低保: which entries it names."""

import re

from bot.knowledge.index import Index
from bot.knowledge.tokens import bare

LONGEST = 8
"""Characters; whoever writes more has said what they want to know of it."""
MOST = 6
"""Entries that may hold the word at all: 老板 and 在家 are in too many to be what is asked for."""
_OPENING = re.compile(
    "^(?:你好|您好|老师|那个?|哈|还有|另外|对了|哦|不好意思|就是|我们?|我家|谢谢你?|多谢|好的|嗯|还|顺便)*"
    "(?:(?:想|要|来|再)*(?:请问|问问|问|咨询|了解|打听)(?:一下|下|个)?|[打说写按]错了?是?)"
    "哈?(?:的?是|就是|关于)?(?:那个|这个)?(?=..)"
)
_CLOSING = re.compile("(?<=..)的?(?:事情?|问题|政策|情况)?(?:嘛|呢|啊|吧|呀|的)*$")
ENOUGH = 3
"""Entries of a broad word, such as 补贴, to choose from."""


def asked_about(text: str) -> str:
    """Return what a text says it asks about: 低保 of 我想问一下低保的事; else nothing."""
    said = bare(text)
    rest = _OPENING.sub("", said)
    return "" if rest == said else _CLOSING.sub("", rest)


def about(index: Index, text: str) -> list[int]:
    """
    Return the places of the entries that the bare word *text* is the subject of, best first.

    The subject that is the word itself comes before one that holds it, and of each the
    shortest question first: the general one (低保怎么申请) before what few can mean.
    """
    word = asked_about(text) or bare(text)
    if not 1 < len(word) <= LONGEST:
        return []
    named = [at for at, one in enumerate(index.spelt) if word in one.subject]
    named.sort(key=lambda at: (word != index.spelt[at].subject, *_general(index, at)))
    if 0 < len(named) < ENOUGH and word != index.spelt[named[0]].subject:
        named += [at for at in _asking(index, word) if at not in named]
    return named


def in_question(index: Index, text: str) -> list[int]:
    """Return the places of the few entries whose question holds the bare word, shortest first."""
    word = bare(text)
    if not 1 < len(word) <= LONGEST or word.isdigit():
        return []
    found = _asking(index, word)
    return found if 0 < sum(word in one.whole for one in index.spelt) <= MOST else []


def _asking(index: Index, word: str) -> list[int]:
    found = [at for at, one in enumerate(index.spelt) if word in one.question]
    return sorted(found, key=lambda at: _general(index, at))


def _general(index: Index, at: int) -> tuple[int, int]:
    return len(index.documents[at].hit.question), at
