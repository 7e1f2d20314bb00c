"""Making a text plain before anybody reads it: one spelling for what looks or sounds the same."""

import functools
import re
import unicodedata

from opencc import OpenCC

LONGEST = 10_000
"""WeChat stops far below; what lies beyond is kept in the message but not read."""
_INVISIBLE = {"Cf", "Cs", "Co", "Cn"}
_MARKS = re.compile("[̀-ͯ⃐-⃿︀-️]")
_SPACES = re.compile(r"\s+")


def normalise(text: str) -> str:
    """
    Return *text* in NFKC, simplified Chinese, ASCII digits and single spaces, at most LONGEST.

    Invisible characters go, and so does a leading "/", with which a writer
    could dictate intent and entities to Rasa.
    """
    plain = _composed("".join(map(_plain, _composed(text[:LONGEST]))))
    return _SPACES.sub(" ", plain[:LONGEST]).strip().lstrip("/ ")


def _composed(text: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKC", _MARKS.sub("", text)))[:LONGEST]


@functools.cache
def _plain(character: str) -> str:
    """Convert one character; by characters, as phrases cost 20 times more and change little."""
    if character.isascii():
        return character if character.isprintable() else " "
    category = unicodedata.category(character)
    if category in _INVISIBLE:
        return ""
    if category == "Cc":
        return " "
    if category == "Nd":
        return str(unicodedata.decimal(character))
    return str(_converter().convert(character))


@functools.cache
def _converter() -> OpenCC:
    return OpenCC("t2s")
