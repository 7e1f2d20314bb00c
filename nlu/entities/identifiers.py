"""Telephone and identity numbers, which must be recognised to be kept out of sight."""

import re
from collections.abc import Iterator

from nlu.entities.span import Span

_GAP = "[- ]?"
# Dictation writes the digits out: 幺三八零零…
_DIGIT = "[0-9零〇一幺二三四五六七八九]"
_SPOKEN_DIGITS = str.maketrans("零〇一幺二三四五六七八九", "001123456789")
_ID_NUMBER = re.compile(
    rf"(?<!{_DIGIT})(?:{_DIGIT}{_GAP}){{17}}[0-9零〇一幺二三四五六七八九XxＸ](?!\d)"
)
_PHONE = re.compile(
    rf"(?<!{_DIGIT})(?:\+?86{_GAP})?[1一幺][3-9三四五六七八九](?:{_GAP}{_DIGIT}){{9}}(?!{_DIGIT})"
    rf"|(?<!\d)\(?0\d{{2,3}}\)?{_GAP}[2-9]\d{{2,3}}{_GAP}\d{{4}}(?!\d)"
    rf"|(?:(?<=电话)|(?<=座机)|(?<=号码))[是:]?[2-9]\d{{2,3}}{_GAP}\d{{4}}(?!\d)"
)
_LEAD = re.compile(r"^[是:]")


def find_id_numbers(flat: str, text: str) -> Iterator[Span]:
    """Yield each number that has the form of an identity number."""
    for found in _ID_NUMBER.finditer(flat):
        yield _span("id_number", _digits(found.group()), text, *found.span())


def find_phones(flat: str, text: str) -> Iterator[Span]:
    """Yield each mobile or landline number, as digits."""
    for found in _PHONE.finditer(flat):
        start = found.start() + len(_LEAD.findall(found.group()))
        digits = _digits(found.group()).removeprefix("+")
        mobile = digits.removeprefix("86")
        yield _span("phone", mobile, text, start, found.end())


def _digits(said: str) -> str:
    return re.sub(r"[^\dX+]", "", said.translate(_SPOKEN_DIGITS).upper())


def _span(entity: str, value: str, text: str, start: int, end: int) -> Span:
    return Span(entity, value, text[start:end], start, end)
