"""How a text is read before anything is learnt from it: cleaned, folded, cut."""

import functools
import re
import unicodedata

import jieba
from opencc import OpenCC

_HAN_OR_RUN = re.compile(r"[㐀-鿿]|[a-z0-9]+")
_DIGITS = re.compile(r"\d+")


def neutralise(text: str) -> str:
    """
    Return *text*, as long as before, with nothing in it that commands Rasa.

    A leading "/" would let a resident set intent and entities
    (`/crisis{"place": "…"}`); its full-width twin is plain text.
    """
    shown = "".join(" " if _is_control(character) else character for character in text)
    body = shown.lstrip()
    gap = len(shown) - len(body)
    return shown[:gap] + "\uff0f" + body[1:] if body.startswith("/") else shown


def fold(text: str) -> str:
    """Return *text* for features: NFKC, simplified, lower case, every number a 0."""
    return _DIGITS.sub("0", simplified(unicodedata.normalize("NFKC", text)).lower())


def simplified(text: str) -> str:
    """Return *text* in simplified characters."""
    return str(_converter().convert(text))


def characters(folded: str) -> list[str]:
    """Return each Han character, and each Latin or digit run, of a folded text."""
    return _HAN_OR_RUN.findall(folded)


def words(folded: str) -> tuple[str, ...]:
    """Return the jieba words of a folded text, punctuation left out."""
    return tuple(word for word in jieba.lcut(folded) if _HAN_OR_RUN.search(word))


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs"} and character not in "\n\t"


@functools.cache
def _converter() -> OpenCC:
    return OpenCC("t2s")
