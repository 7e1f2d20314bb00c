"""Telephone and identity numbers, which must be recognised to be kept out of sight."""

import re
from collections.abc import Iterator

from nlu.entities.span import Span

_GAP = "[- ]?"
_ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])")
_PHONE = re.compile(
    rf"(?<!\d)(?:\+?86{_GAP})?1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}(?!\d)"
    rf"|(?<!\d)0\d{{2,3}}{_GAP}[2-9]\d{{6,7}}(?!\d)"
    r"|(?<=电话|座机|号码)[是:]?[2-9]\d{6,7}(?!\d)"
)
# Dictation writes the digits out: 幺三八零零…
_SPOKEN_PHONE = re.compile(r"[一幺][三四五六七八九][零〇一幺二三四五六七八九]{9}")
_SPOKEN_DIGITS = str.maketrans("零〇一幺二三四五六七八九", "001123456789")


def find_id_numbers(flat: str, text: str) -> Iterator[Span]:
    """Yield each number that has the form of an identity number."""
    for found in _ID_NUMBER.finditer(flat):
        start, end = found.span()
        yield Span("id_number", found.group().upper(), text[start:end], start, end)


def find_phones(flat: str, text: str) -> Iterator[Span]:
    """Yield each mobile or landline number, as digits."""
    for pattern in (_PHONE, _SPOKEN_PHONE):
        for found in pattern.finditer(flat):
            start, end = found.span()
            digits = re.sub(r"\D", "", found.group().translate(_SPOKEN_DIGITS))
            yield Span("phone", digits, text[start:end], start, end)
