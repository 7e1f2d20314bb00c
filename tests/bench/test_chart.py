import re
from xml.etree import ElementTree as ET

from tests.bench.builders import measured
from tests.bench.chart import CHOSEN, WIDTH, as_svg

SVG = "{http://www.w3.org/2000/svg}"


def drawn() -> ET.Element:
    return ET.fromstring(as_svg(measured()))  # noqa: S314 (our own)


def test_a_bar_for_each_side_of_each_panel_and_of_the_legend() -> None:
    bars = [rect.get("class") for rect in drawn().iter(f"{SVG}rect")]

    for side in ("ours", "words", "rasa"):
        assert bars.count(side) == len(CHOSEN) + 1


def test_a_bar_is_as_long_as_its_figure_says() -> None:
    titles = {text.text: text for text in drawn().iter(f"{SVG}text")}
    left, top = (float(titles["requests a second, 8 clients"].get(at, "")) for at in "xy")

    widths = {
        rect.get("class"): float(rect.get("width", ""))
        for rect in drawn().iter(f"{SVG}rect")
        if float(rect.get("x", "-1")) == left and 0 < float(rect.get("y", "0")) - top < 80
    }

    assert widths["ours"] / widths["rasa"] == 4
    assert widths["words"] / widths["rasa"] == 3


def test_nothing_is_drawn_outside() -> None:
    picture = drawn()
    height = float(picture.get("height", ""))

    for rect in picture.iter(f"{SVG}rect"):
        x, y = float(rect.get("x", "0")), float(rect.get("y", "0"))
        assert x + float(rect.get("width", "")) <= WIDTH
        assert y + float(rect.get("height", "")) <= height


def test_it_is_english_and_knows_dark_pages() -> None:
    text = as_svg(measured())

    assert "prefers-color-scheme: dark" in text
    assert not re.search(r"[㐀-鿿]", text)
