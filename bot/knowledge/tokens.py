"""How a text is cut for searching: folded, then into characters and pairs of them."""

import functools
import itertools
import re
import sys
import unicodedata

from opencc import OpenCC

LONGEST = 1000
"""Characters of a message that are read; what a resident wants is said well before."""
_RUN = re.compile(r"[㐀-鿿]+|[a-z0-9]+")
_POLITE = re.compile("^(请问|请教|想问|问)?(一下|下|哈|你们|您|你好|您好)?(?=.{3})")
_ASKING = (
    (re.compile("怎么样|咋个样|咋样|怎样|如何|咋个|怎么|怎莫|咋"), "怎么"),
    (re.compile("哪点|哪儿|哪块|哪里|哪凼"), "哪里"),
    (re.compile("哪样|啥子|什么|啥|什莫"), "什么"),
    (re.compile("克(?=哪里)|到(?=哪里)"), "去"),
    (re.compile("怎么(办理|办|整)$"), "怎么办"),
)
_PARTICLES = re.compile("[吗嘛呢噶啊呀哈哇吧么]+$")
_CLAUSE_END = re.compile(r"[,.!?;:，。！？；：、…~\s]+")
_SENTENCE = re.compile(r"(?<=[。；;！？\n])")
_PIECE = 110
"""Characters of a piece of a long answer; a longer sentence is a piece by itself."""
_SHORTEST_CLAUSE = 8
_MOST_WINDOWS = 8


@functools.lru_cache(maxsize=1024)
def normalise(text: str) -> str:
    """Return the text in one form: NFKC, simplified characters, lower case."""
    return _normalised(text)


@functools.lru_cache(maxsize=20_000)
def normalise_kept(text: str) -> str:
    """Return `normalise`, remembered: for the texts of entries, never for a resident's."""
    return _normalised(text)


def bare(text: str) -> str:
    """Return the normalised text without punctuation and spaces."""
    return "".join(_RUN.findall(normalise(text)))


def asked(text: str) -> str:
    """
    Return the question in a text, bare, in one way of asking: 低保咋个申请嘛 is 低保怎么申请.

    Only words that ask are made one, none that says what about.
    """
    plain = _POLITE.sub("", bare(text))
    for pattern, word in _ASKING:
        plain = pattern.sub(word, plain)
    return _PARTICLES.sub("", plain)


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
    # Without this each text would hold strings of its own: 20 MB for the starter content.
    return tuple(map(sys.intern, grams(text)))


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


def pieces(text: str) -> list[str]:
    """Return the sentences of an answer, as many together as one piece may hold."""
    found: list[str] = []
    for sentence in (part.strip() for part in _SENTENCE.split(text)):
        if found and len(found[-1]) + len(sentence) <= _PIECE:
            found[-1] += sentence
        elif sentence:
            found.append(sentence)
    return found


def _normalised(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text[:LONGEST])
    # The converter looks up every part of a text, and most have nothing to convert.
    return (plain if _traditional().isdisjoint(plain) else _converter().convert(plain)).lower()


@functools.cache
def _traditional() -> frozenset[str]:
    """Return characters of which every text has one that the converter changes."""
    groups = _converter()._dict_chain_data  # noqa: SLF001 (it says this nowhere else)
    pairs = (pair for group in groups for _, _, pairs in group for pair in pairs.items())
    return frozenset(
        next((one for one in before if one not in after), before[0])
        for before, after in pairs
        if before != after
    )


@functools.cache
def _converter() -> OpenCC:
    return OpenCC("t2s")
