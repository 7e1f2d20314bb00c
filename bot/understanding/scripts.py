"""Texts in a script or language that the machine cannot read, so that a person gets them."""

import re
import unicodedata
from collections import Counter

BLOCKS: tuple[tuple[int, int, str], ...] = (
    (0xA000, 0xA4CF, "yi"),
    (0xA4D0, 0xA4FF, "lisu"),
    (0x11FB0, 0x11FBF, "lisu"),
    (0x1950, 0x197F, "tai_le"),
    (0x1980, 0x19DF, "new_tai_lue"),
    (0x1A20, 0x1AAF, "tai_tham"),
    (0x0F00, 0x0FFF, "tibetan"),
    (0x16F00, 0x16F9F, "miao"),
    (0x1000, 0x109F, "myanmar"),
    (0xA9E0, 0xA9FF, "myanmar"),
    (0xAA60, 0xAA7F, "myanmar"),
    (0x4E00, 0x9FFF, "han"),
    (0x3400, 0x4DBF, "han"),
    (0x20000, 0x3FFFF, "han"),
    (0x0041, 0x024F, "latin"),
    (0x1E00, 0x1EFF, "latin"),
)
OTHER = "other"
EMOJI = "emoji"
LATIN = "latin"
_LEAST_WORDS = 3
_WORD = re.compile(r"[^\W\d_]{2,}")
_LINK = re.compile(r"\S*(?:://|www\.)\S*|\S+@\S+")
_STICKER = re.compile(r"\[[^\[\]\s]{1,6}\]")


def foreign_script(text: str) -> str | None:
    """
    Return the script in which half or more of the letters are written, or None for Chinese.

    `latin` is a text of three words or more without a Chinese character;
    `emoji` is one of emoji and stickers only; `other` is any other script.
    Marks and signs of a script count as letters, as many are written with little else.
    """
    bare = _STICKER.sub("", _LINK.sub(" ", text))
    letters = Counter(_script(character) for character in bare if _counts(character))
    if not letters:
        return EMOJI if _is_emoji(text, bare) else None
    script, most = letters.most_common(1)[0]
    if script == "han" or 2 * most < letters.total():
        return None
    if script == LATIN:
        return LATIN if not letters["han"] and len(_WORD.findall(bare)) >= _LEAST_WORDS else None
    return script


def _counts(character: str) -> bool:
    """Letters and marks; not the variation selectors that colour an emoji."""
    return unicodedata.category(character)[0] in "LM" and not "︀" <= character <= "️"


def _script(character: str) -> str:
    code = ord(unicodedata.normalize("NFKC", character)[0])
    return next((name for first, last, name in BLOCKS if first <= code <= last), OTHER)


def _is_emoji(text: str, bare: str) -> bool:
    if any(character.isalnum() for character in bare):
        return False
    return bool(_STICKER.search(text)) or any(
        unicodedata.category(character) == "So" for character in bare
    )
