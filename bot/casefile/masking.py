"""Numbers by which somebody can be found or robbed, made unreadable for paper that travels."""

import re
from functools import partial

_SPLIT = r"[ \-]?"
# Each: what it looks like, how many digits stay at its beginning and end.
_NUMBERS = (
    (re.compile(rf"(?<!\d)(?:\d{_SPLIT}){{17}}[\dXx](?!\d)"), 6, 2),  # an identity card
    (re.compile(rf"(?<!\d)(?:\d{_SPLIT}){{15,18}}\d(?!\d)"), 0, 4),  # a bank card
    (re.compile(rf"(?<!\d)1(?:{_SPLIT}\d){{10}}(?!\d)"), 3, 4),  # a mobile phone
    (re.compile(r"(?<!\d)0\d{2,3}[ \-]?\d{7,8}(?!\d)"), 4, 2),  # a landline
)
_DAY = r"(?:0[1-9]|[12]\d|3[01])"
_IDENTITY = re.compile(
    rf"(?<!\d)[1-8]\d{{5}}{_SPLIT}(?:18|19|20)\d{{2}}{_SPLIT}(?:0[1-9]|1[0-2]){_SPLIT}{_DAY}"
    rf"{_SPLIT}\d{{3}}[\dXx](?!\d)"
)
"""An identity number by its form: a place, a birthday, three digits and a check."""
_WIDE = {ord("０") + number: str(number) for number in range(10)}


def masked(text: str) -> str:
    """Return the text with phone, identity and card numbers reduced to their ends."""
    narrow = text.translate(_WIDE)
    for pattern, first, last in _NUMBERS:
        narrow = pattern.sub(partial(_ends, first=first, last=last), narrow)
    return narrow


def identity_masked(text: str) -> str:
    """Return the text with identity numbers reduced to their ends; without one, as it is."""
    narrow = text.translate(_WIDE)
    masked_text = _IDENTITY.sub(partial(_ends, first=6, last=2), narrow)
    return text if masked_text == narrow else masked_text


def _ends(found: re.Match[str], *, first: int, last: int) -> str:
    digits = re.sub(r"[ \-]", "", found.group())
    return digits[:first] + "*" * (len(digits) - first - last) + digits[-last:]
