"""One-page sheets such as posters, drawn once: as PDF for printing, as PNG for sending."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import segno
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from bot.errors import RefusedError
from bot.paper import FONT, HEIGHT_MM, INK, LINE, WIDTH_MM, use_font

DOTS_PER_MM = 8
"""Of a PNG: about 200 to the inch, sharp on A4."""
FONT_FOLDERS = (
    "/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts",
    "/Library/Fonts", "/System/Library/Fonts", "C:/Windows/Fonts",
)  # fmt: skip
FONT_FILES = (
    "NotoSansCJK*Regular*", "NotoSansSC*Regular*", "SourceHanSans*Regular*", "wqy-*",
    "DroidSansFallback*", "PingFang*", "msyh.*", "simhei.*", "NotoSerifCJK*Regular*",
)  # fmt: skip
NO_FONT = (
    "这台机器上没有中文字体，画不出图片。装一个就行，例如 apt install fonts-noto-cjk；"
    "PDF 不用装字体，可以先用 PDF。"
)
_MOST_FACES = 12


class NoFontError(RefusedError):
    """No font with Chinese letters is on this machine."""


@dataclass(frozen=True, slots=True)
class Words:
    """One line of a sheet."""

    text: str
    top: float
    """Upper edge in millimetres from the top of the sheet, as all here."""
    size: float
    """Height of the letters in millimetres."""
    left: float | None = None
    """None: in the middle."""
    colour: str = INK
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code in the middle of a sheet."""

    content: str
    top: float
    size: float


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line across a sheet."""

    top: float
    left: float = 25


Mark = Words | Code | Stroke


def sheet_pdf(title: str, marks: Sequence[Mark]) -> bytes:
    """Return one A4 page with these marks."""
    use_font()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    canvas.setTitle(title)
    for mark in marks:
        _print(canvas, mark)
    canvas.save()
    return out.getvalue()


def sheet_png(marks: Sequence[Mark]) -> bytes:
    """
    Return the same page as a picture.

    Raises:
        NoFontError: there is no font to draw it with.
    """
    image = Image.new("RGB", (WIDTH_MM * DOTS_PER_MM, HEIGHT_MM * DOTS_PER_MM), "white")
    draw = ImageDraw.Draw(image)
    for mark in marks:
        _draw(draw, mark)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True, dpi=(DOTS_PER_MM * 25.4,) * 2)
    return out.getvalue()


def _print(canvas: Canvas, mark: Mark) -> None:
    if isinstance(mark, Stroke):
        canvas.setStrokeColor(HexColor(LINE))
        height = (HEIGHT_MM - mark.top) * mm
        canvas.line(mark.left * mm, height, (WIDTH_MM - mark.left) * mm, height)
    elif isinstance(mark, Code):
        canvas.setFillColor(HexColor("#000000"))
        for left, top, size in _modules(mark):
            # A hair wider than it is, so that no white line shows between two.
            canvas.rect(
                left * mm, (HEIGHT_MM - top - size) * mm, (size + 0.02) * mm, size * mm, 0, 1
            )
    else:
        _print_words(canvas, mark)


def _print_words(canvas: Canvas, mark: Words) -> None:
    size = mark.size * mm
    text = canvas.beginText()
    width = pdfmetrics.stringWidth(mark.text, FONT, size)
    left = (WIDTH_MM * mm - width) / 2 if mark.left is None else mark.left * mm
    text.setTextOrigin(left, (HEIGHT_MM - mark.top - mark.size * 0.88) * mm)
    text.setFont(FONT, size)
    text.setFillColor(HexColor(mark.colour))
    if mark.strong:
        text.setStrokeColor(HexColor(mark.colour))
        text.setTextRenderMode(2)
        canvas.setLineWidth(size * 0.02)
    text.textOut(mark.text)
    canvas.drawText(text)


def _draw(draw: ImageDraw.ImageDraw, mark: Mark) -> None:
    if isinstance(mark, Stroke):
        top = mark.top * DOTS_PER_MM
        ends = (mark.left * DOTS_PER_MM, top, (WIDTH_MM - mark.left) * DOTS_PER_MM, top)
        draw.line(ends, fill=LINE, width=2)
    elif isinstance(mark, Code):
        for left, top, size in _modules(mark):
            corner = round(left * DOTS_PER_MM), round(top * DOTS_PER_MM)
            other = round((left + size) * DOTS_PER_MM) - 1, round((top + size) * DOTS_PER_MM) - 1
            draw.rectangle((*corner, *other), fill="black")
    else:
        font = _font(round(mark.size * DOTS_PER_MM))
        middle = (WIDTH_MM * DOTS_PER_MM - draw.textlength(mark.text, font)) / 2
        left = middle if mark.left is None else mark.left * DOTS_PER_MM
        draw.text(
            (left, mark.top * DOTS_PER_MM),
            mark.text,
            fill=mark.colour,
            font=font,
            anchor="lt",
            stroke_width=round(mark.size * 0.12) if mark.strong else 0,
        )


def _modules(code: Code) -> Iterator[tuple[float, float, float]]:
    """Yield left, top and size of every dark square of the code."""
    matrix = segno.make(code.content, error="q", micro=False).matrix
    size = code.size / len(matrix)
    left = (WIDTH_MM - code.size) / 2
    for row, line in enumerate(matrix):
        for column, dark in enumerate(line):
            if dark:
                yield left + column * size, code.top + row * size, size


@cache
def _font(pixels: int) -> ImageFont.FreeTypeFont:
    path, face = _font_file()
    return ImageFont.truetype(path, pixels, index=face)


@cache
def _font_file() -> tuple[Path, int]:
    """Return a font with simplified Chinese letters, and which of the file's faces has them."""
    for pattern in FONT_FILES:
        for folder in FONT_FOLDERS:
            for path in sorted(Path(folder).expanduser().rglob(pattern)):
                return path, _simplified(path)
    raise NoFontError(NO_FONT)


def _simplified(path: Path) -> int:
    """Some files hold a face for each country; the letters differ."""
    for face in range(_MOST_FACES if path.suffix == ".ttc" else 1):
        try:
            family, _ = ImageFont.truetype(path, 10, index=face).getname()
        except OSError:
            break
        if family and family.endswith(" SC"):
            return face
    return 0
