"""Texts on their way to WeChat: cut to length, and made safe for XML."""

import re
import unicodedata

# What no XML text may hold; one such character makes the phone show an error.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LINE_END = "\n"
_SENTENCE_ENDS = "。！？；!?;…"
_PAUSES = "，、,： "
_JOINER = "\u200d"
_REGIONAL = range(0x1F1E6, 0x1F200)
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_TAGS = range(0xE0020, 0xE0080)


def strip_controls(text: str) -> str:
    """Return *text* without the characters XML cannot carry; line ends and tabs stay."""
    return _CONTROLS.sub("", text)


def cdata(text: str) -> str:
    """Return *text* so that it can stand inside one CDATA section and not end it."""
    return strip_controls(text).replace("]]>", "]]]]><![CDATA[>")


def split_text(text: str, limit_bytes: int) -> list[str]:
    """
    Cut *text* into parts of at most *limit_bytes* of UTF-8, in order, none of them blank.

    A part ends after a line, else after a sentence, else after a comma, where
    there is one in its second half; else between two characters as a reader sees them.  Joined
    together the parts are the text again, but for a part of blanks only,
    which WeChat would refuse.
    """
    if len(text.encode(errors="surrogatepass")) <= limit_bytes:  # nearly every reply
        return [text] if text.strip() else []
    parts = []
    rest = _clusters(text, limit_bytes)
    while rest:
        size = _good_cut(rest, _how_many_fit(rest, limit_bytes))
        parts.append("".join(rest[:size]))
        rest = rest[size:]
    return [part for part in parts if part.strip()]


def _clusters(text: str, limit_bytes: int) -> list[str]:
    """Return the characters as a reader sees them, each within the limit."""
    found: list[str] = []
    size = 0
    for char in text:
        width = len(char.encode(errors="surrogatepass"))
        if found and size + width <= limit_bytes and _belongs_to(found[-1], char):
            found[-1] += char
            size += width
        else:
            found.append(char)
            size = width
    return found


def _belongs_to(before: str, char: str) -> bool:
    point = ord(char)
    if before[-1] == _JOINER or char == _JOINER:
        return True
    if point in _REGIONAL:  # two letters make a flag
        return len(before) == 1 and ord(before) in _REGIONAL
    if before == "\r" and char == "\n":
        return True
    marks = unicodedata.category(char).startswith("M")  # accents, vowel signs, selectors
    return marks or point in _SKIN_TONES or point in _TAGS


def _how_many_fit(clusters: list[str], limit_bytes: int) -> int:
    size = 0
    for count, cluster in enumerate(clusters):
        size += len(cluster.encode(errors="surrogatepass"))
        if size > limit_bytes:
            return max(count, 1)
    return len(clusters)


def _good_cut(clusters: list[str], fits: int) -> int:
    if fits == len(clusters):
        return fits
    for ends in (_LINE_END, _SENTENCE_ENDS, _PAUSES):
        for size in range(fits, fits // 2, -1):
            if clusters[size - 1][-1] in ends:
                return size
    return fits
