"""The poster of a QR code: what it is for, how to use it, and what to do in danger."""

from collections.abc import Iterator

from bot import wording
from bot.sheets import Code, Mark, Stroke, Words, sheet_pdf, sheet_png

GREEN, RED, SOFT = "#0F766E", "#B42318", "#616E7C"
WIDEST = 160
"""Of a line, in millimetres."""


def poster_pdf(service: str, place: str, url: str) -> bytes:
    """Return the poster as one A4 page to print; *url* is what the code holds."""
    return sheet_pdf(
        wording.POSTER_TITLE.format(service=service, place=place), [*_marks(service, place, url)]
    )


def poster_png(service: str, place: str, url: str) -> bytes:
    """
    Return the same as a picture to send.

    Raises:
        NoFontError: this machine has no Chinese font.
    """
    return sheet_png([*_marks(service, place, url)])


def _marks(service: str, place: str, url: str) -> Iterator[Mark]:
    yield Words(service, top=18, size=_fitting(service, 22), colour=GREEN, strong=True)
    yield Words(place, top=47, size=_fitting(place, 9), strong=True)
    yield Words(wording.POSTER_FOR, top=61, size=6.6, colour=SOFT)
    yield Code(url, top=76, size=112)
    for number, text in enumerate(wording.POSTER_STEPS):
        yield Words(text, top=199 + number * 13, size=7.4, left=25)
    yield Stroke(top=241)
    yield Words(wording.POSTER_DANGER, top=248, size=9, colour=RED, strong=True)
    yield Words(wording.POSTER_SMALL, top=266, size=5, colour=SOFT)


def _fitting(text: str, size: float) -> float:
    """Return the letters' height with which the text fits on one line."""
    return min(size, WIDEST / max(len(text), 1))
