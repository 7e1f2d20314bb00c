"""What is printed: documents of text, tables and pictures as PDF; posters are in sheets.py."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    Flowable,
    Image,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

FONT = "STSong-Light"
"""Every reader of PDF has it, or its like, by name: nothing has to be installed here."""
WIDTH_MM, HEIGHT_MM = 210, 297
INK, SOFT, LINE = "#1F2933", "#616E7C", "#CBD2D9"


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of a document."""

    text: str
    kind: str = "body"
    """title, heading, body or meta."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A table of a document."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float] = ()
    """In millimetres; none: equal."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a document: JPEG or PNG."""

    content: bytes
    most_mm: float = 90
    """Neither wider nor higher than that."""


Block = Line | Rows | Picture
_GRID = TableStyle(
    [
        ("LINEBELOW", (0, 0), (-1, -1), 0.5, HexColor(LINE)),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
)


def document_pdf(title: str, blocks: Sequence[Block], *, foot: str = "") -> bytes:
    """Return an A4 document; every page has *foot* and its number below."""
    use_font()
    out = io.BytesIO()

    def below(canvas: Canvas, _: SimpleDocTemplate) -> None:
        canvas.setFont(FONT, 9)
        canvas.setFillColor(HexColor(SOFT))
        canvas.drawString(20 * mm, 12 * mm, foot)
        canvas.drawRightString((WIDTH_MM - 20) * mm, 12 * mm, f"第{canvas.getPageNumber()}页")

    sheet = SimpleDocTemplate(
        out,
        pagesize=A4,
        title=title,
        leftMargin=20 * mm,
        rightMargin=20 * mm,
        topMargin=18 * mm,
        bottomMargin=20 * mm,
    )
    story = [part for block in blocks for part in _flow(block)]
    sheet.build(story, onFirstPage=below, onLaterPages=below)
    return out.getvalue()


@cache
def use_font() -> None:
    """Make the Chinese font known, once per process."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))


def _flow(block: Block) -> Iterator[Flowable]:
    if isinstance(block, Line):
        yield Paragraph(escape(block.text).replace("\n", "<br/>"), _style(block.kind))
    elif isinstance(block, Picture):
        picture = Image(io.BytesIO(block.content))
        scale = min(block.most_mm * mm / max(picture.imageWidth, picture.imageHeight), 1)
        picture.drawWidth, picture.drawHeight = (
            picture.imageWidth * scale,
            picture.imageHeight * scale,
        )
        yield picture
    else:
        yield _table(block)
        yield Spacer(1, 4 * mm)


def _table(block: Rows) -> Table:
    cells = [
        [Paragraph(escape(cell).replace("\n", "<br/>"), _style(kind)) for cell in row]
        for kind, rows in (("meta", [block.head]), ("cell", block.rows))
        for row in rows
    ]
    widths = [width * mm for width in block.widths] or None
    return Table(cells, colWidths=widths, repeatRows=1, style=_GRID)


@cache
def _style(kind: str) -> ParagraphStyle:
    size, after, colour = {
        "title": (18, 8, INK),
        "heading": (13, 4, INK),
        "body": (11, 5, INK),
        "cell": (10, 0, INK),
        "meta": (9, 2, SOFT),
    }[kind]
    return ParagraphStyle(
        kind,
        fontName=FONT,
        fontSize=size,
        leading=size * 1.6,
        spaceAfter=after,
        textColor=HexColor(colour),
        wordWrap="CJK",
        keepWithNext=kind == "heading",
    )
