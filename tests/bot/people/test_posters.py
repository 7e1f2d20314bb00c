"""The printed poster: the right code on one A4 page, in words anybody reads."""

import io
from collections.abc import Iterator

import pytest
import segno
from PIL import Image
from pypdf import PdfReader

from bot import sheets
from bot.people.posters import poster_pdf, poster_png

URL = "http://weixin.qq.com/q/02abcdEFGHijkl10000M07x"
PLACE = "官渡区关上街道关上社区"
TOP_MM, SIZE_MM = 76, 112


def test_the_pdf_is_one_page_with_the_place_three_steps_and_the_numbers() -> None:
    reader = PdfReader(io.BytesIO(poster_pdf("云桥", PLACE, URL)))
    text = reader.pages[0].extract_text()

    assert len(reader.pages) == 1
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]
    assert all(word in text for word in ("云桥", PLACE, "110", "120", "人工"))
    assert [text.count(f"{number}  ") for number in (1, 2, 3)] == [1, 1, 1]


def test_the_code_on_the_picture_is_the_one_wanted() -> None:
    picture = Image.open(io.BytesIO(poster_png("云桥", PLACE, URL))).convert("L")
    assert picture.size == (210 * 8, 297 * 8)
    wanted = [[bool(module) for module in line] for line in segno.make(URL, error="q").matrix]

    assert list(_seen(picture, len(wanted))) == wanted


def _seen(picture: Image.Image, modules: int) -> Iterator[list[bool]]:
    """What a camera sees in the middle of each square."""
    size = SIZE_MM / modules
    for row in range(modules):
        top = round((TOP_MM + (row + 0.5) * size) * 8)
        lefts = [(210 - SIZE_MM) / 2 + (column + 0.5) * size for column in range(modules)]
        yield [picture.getpixel((round(left * 8), top)) < 128 for left in lefts]  # type: ignore[operator]


def test_a_long_name_stays_on_the_sheet() -> None:
    picture = Image.open(io.BytesIO(poster_png("云桥", "长" * 40, URL))).convert("L")
    edges = [picture.getpixel((x, y)) for x in (4, 210 * 8 - 4) for y in range(0, 297 * 8, 3)]

    assert set(edges) == {255}


def test_without_a_font_the_reason_and_a_way_out_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "FONT_FOLDERS", ("/nowhere",))
    sheets._font_file.cache_clear()
    sheets._font.cache_clear()

    with pytest.raises(sheets.NoFontError, match="fonts-noto-cjk"):
        poster_png("云桥", PLACE, URL)
