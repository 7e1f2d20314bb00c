"""Texts in a script or language that the machine cannot read, so that a person gets them."""

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.settings import ROOT

FILE = ROOT / "data" / "languages.yaml"
OTHER = "other"
EMOJI = "emoji"
LATIN = "latin"
ENGLISH = "english"
HAN = "han"
ENOUGH_CHINESE = 8
"""Characters: whoever writes so many is understood, whatever else stands there."""
MOST_KNOWN = 8192
"""Characters whose script is kept in mind."""
_LEAST_WORDS = 3
_LEAST_ENGLISH = 2
_WORD = re.compile(r"(?<!\w)[^\W\d_]{2,}(?!\w)")
_ENGLISH_WORD = re.compile(r"[a-z]+")
_LINK = re.compile(r"\S*(?:://|www\.)\S*|\S+@\S+")
_STICKER = re.compile(r"\[[^\[\]\s]{1,6}\]")


@dataclass(frozen=True, slots=True)
class Script:
    """A script, or a language written in Latin letters."""

    name: str
    reads: tuple[str, ...]
    """Languages of staff who can read it, as in `staff` of data/languages.yaml."""
    line: str
    """What is said in it beside the Chinese, with `{number}`; empty: nobody checked one."""
    crisis: str
    """What is said in it to somebody in danger; empty: nobody checked one."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything in data/languages.yaml."""

    staff: tuple[str, ...]
    scripts: Mapping[str, Script]
    blocks: tuple[tuple[int, int, str], ...]
    """First and last code point, and the script."""
    english: frozenset[str]


@functools.cache
def load_languages(path: Path = FILE) -> Catalogue:
    """Read the catalogue once per process."""
    content = yaml.safe_load(path.read_text("utf-8"))
    scripts = {
        key: Script(it["name"], tuple(it["reads"]), it["line"], it["crisis"])
        for key, it in content["scripts"].items()
    }
    ranges = {key: it["ranges"] for key, it in content["scripts"].items()} | {HAN: content[HAN]}
    blocks = tuple((*_block(span), key) for key, spans in ranges.items() for span in spans)
    # YAML reads a bare `no` or `on` as a truth value.
    words = {True: "on", False: "no"}
    english = frozenset(words.get(word, word) for word in content["english_words"])
    return Catalogue(tuple(content["staff"]), scripts, blocks, english)


def foreign_script(text: str) -> str | None:
    """
    Return the script in which half or more of the letters are written, or None for Chinese.

    A text with enough Chinese in it is Chinese.  `english` and `latin` are texts of
    several words without a Chinese character; `emoji` is one of emoji and stickers
    only; `other` is any script the catalogue does not have.
    Marks and signs of a script count as letters, as many are written with little else.
    """
    bare = _STICKER.sub("", _LINK.sub(" ", text))
    letters = Counter(filter(None, map(_script, bare)))
    if not letters:
        return EMOJI if _is_emoji(text, bare) else None
    script, most = letters.most_common(1)[0]
    if script == HAN or 2 * most < letters.total() or letters[HAN] >= ENOUGH_CHINESE:
        return None
    if script == LATIN:
        return None if letters[HAN] else _latin(bare)
    return script


def _latin(bare: str) -> str | None:
    words = _ENGLISH_WORD.findall(bare.lower())
    known = sum(word in load_languages().english for word in words)
    if len(words) >= _LEAST_ENGLISH and 2 * known >= len(words):
        return ENGLISH if len(words) >= _LEAST_WORDS or known == len(words) else None
    return LATIN if len(_WORD.findall(bare)) >= _LEAST_WORDS else None


def _block(span: str) -> Sequence[int]:
    first, last = span.split("-")
    return int(first, 16), int(last, 16)


@functools.lru_cache(MOST_KNOWN)
def _script(character: str) -> str:
    """Return the script of a letter or mark; nothing for what is neither."""
    # The variation selectors that colour an emoji are marks too.
    if unicodedata.category(character)[0] not in "LM" or "︀" <= character <= "️":
        return ""
    code = ord(unicodedata.normalize("NFKC", character)[0])
    blocks = load_languages().blocks
    return next((name for first, last, name in blocks if first <= code <= last), OTHER)


def _is_emoji(text: str, bare: str) -> bool:
    if any(character.isalnum() for character in bare):
        return False
    return bool(_STICKER.search(text)) or any(
        unicodedata.category(character) == "So" for character in bare
    )
