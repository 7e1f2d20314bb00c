"""The small language in which data/*.yaml says what words a rule looks for.

    <weapon>   any word of the group "weapon" of the same file
    <数>       one or more digits or Chinese numerals
    (a|b)      a or b, nothing between the bars but words and groups
    ~          up to 5 characters of the same clause
    ~~         up to 14 characters of the same clause
    …          up to 24 characters, across clauses
    ……         up to 70 characters, across clauses
    ?          after a character, a group or brackets: or not
    ,          a break between clauses
    ^ $        the beginning, the end of the message

Words are written as people write them: case, the common typing errors (在/再,
他/她, 的/得/地, 作/做) and punctuation are folded on both sides.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from bot.understanding.normalise import normalise

MOST_AT_ONCE = 16
"""Texts that are at hand squeezed: each message is asked for six times."""
_GAPS = {"……": ".{0,70}?", "…": ".{0,24}?", "~~": "[^,]{0,14}?", "~": "[^,]{0,5}?"}
_SIGNS = re.compile(r"……|…|~~|~|<[^<>]+>|[()|?^$]|[^…~<>()|?^$]+")
_HEAD = re.compile(r"<[^<>]+>(?!\?)")
_BREAKS = re.compile(r"\W+")
_LONE = re.compile(r"(?:(?<=^)|(?<=,))([㐀-鿿]),(?=[㐀-鿿](?:,|$))")
_STICKER = re.compile(r"\[[^\[\],]{1,6}\]")
_SAME = str.maketrans("再作她它牠妳您地得以已著", "在做他他他你你的的己己着")
_NUMBER = "[0-9一二三四五六七八九十百两几半]+"


@lru_cache(MOST_AT_ONCE)
def squeeze(text: str) -> str:
    """Return *text* normalised, in lower case, every break between clauses a single comma."""
    plain = _STICKER.sub(",", normalise(text).lower())
    cut = _BREAKS.sub(",", plain)
    return _LONE.sub(r"\1", cut).strip(",")


def fold(squeezed: str) -> str:
    """Return *squeezed* with characters that are often confused made one; the same length."""
    return squeezed.translate(_SAME)


def compile_patterns(
    patterns: Sequence[str], groups: Mapping[str, Sequence[str]]
) -> re.Pattern[str]:
    """
    Return one expression that finds any of *patterns* in a folded text.

    Raises:
        ValueError: a group that does not exist, or brackets that do not match.
    """
    return re.compile("|".join(_sharing_heads(patterns, groups)))


def _sharing_heads(patterns: Sequence[str], groups: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield the expressions of *patterns*; a long group that begins several is looked for once."""
    tails: dict[str, list[str]] = {}
    for pattern in patterns:
        found = _HEAD.match(pattern)
        head = found.group() if found else ""
        tails.setdefault(head, []).append(_expression(pattern[len(head) :], groups))
    for head, ends in tails.items():
        yield f"{_expression(head, groups)}(?:{'|'.join(ends)})" if head else "|".join(ends)


def _expression(pattern: str, groups: Mapping[str, Sequence[str]]) -> str:
    parts = _SIGNS.findall(pattern)
    return "".join(_sign(part, groups) for part in parts)


def _sign(part: str, groups: Mapping[str, Sequence[str]]) -> str:
    if part in _GAPS:
        return _GAPS[part]
    if part == "(":
        return "(?:"
    if part in {")", "|", "?", "^", "$"}:
        return part
    if part == "<数>":
        return _NUMBER
    if part.startswith("<"):
        return f"(?:{'|'.join(_words(part[1:-1], groups))})"
    return re.escape(fold(_BREAKS.sub(",", part.lower())))


def _words(name: str, groups: Mapping[str, Sequence[str]]) -> list[str]:
    if name not in groups:
        msg = f"no group of words is called {name}"
        raise ValueError(msg)
    longest_first = sorted(groups[name], key=len, reverse=True)
    return [_expression(word, groups) for word in longest_first]
