"""Pictures are well formed, say what they show, and carry no style or script."""

from xml.etree import ElementTree as ET

import pytest

from bot.reports import svg

NS = "{http://www.w3.org/2000/svg}"
WORDS = svg.Words("load", "每人手上几件", "王芳3件，李明<5件")
EVIL = '<script>alert("1")</script>&'


def parsed(drawn: str) -> ET.Element:
    return ET.fromstring(drawn)  # noqa: S314 (our own text)


PICTURES = {
    "bars": svg.bars(WORDS, [svg.Bar(EVIL, 3, "3件", mark=5), svg.Bar("李明", 0, EVIL)]),
    "no bars": svg.bars(WORDS, []),
    "stacked": svg.stacked(
        WORDS, [svg.Stack(EVIL, (3, 1)), svg.Stack("空", (0, 0))], ("好", EVIL)
    ),
    "lines": svg.lines(
        WORDS, [EVIL, "3日"], [svg.Line("登记", (1, None)), svg.Line(EVIL, (0, 9))]
    ),
    "no lines": svg.lines(WORDS, [], []),
    "tiles": svg.tiles(WORDS, [svg.Tile(EVIL, 0, 0, 4, EVIL), svg.Tile("怒江", 1, 2, None, "—")]),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_well_formed_and_named(name: str) -> None:
    root = parsed(PICTURES[name])

    named = root.attrib["aria-labelledby"].split()
    said = {child.attrib["id"]: child.text for child in root if "id" in child.attrib}
    assert root.attrib["role"] == "img"
    assert [said[part] for part in named] == [WORDS.title, WORDS.says]


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_holds_nothing_but_shapes_and_words(name: str) -> None:
    tags = {element.tag for element in parsed(PICTURES[name]).iter()}
    attributes = {key for element in parsed(PICTURES[name]).iter() for key in element.attrib}

    assert tags <= {"svg", "title", "desc", "rect", "path", "text"}
    assert "style" not in attributes
    assert not any(key.startswith("on") for key in attributes)


def test_bars_are_as_long_as_their_values() -> None:
    root = parsed(svg.bars(WORDS, [svg.Bar("甲", 10, ""), svg.Bar("乙", 5, "")]))

    widths = [float(bar.attrib["width"]) for bar in root.iter("rect")]
    assert widths == [208, 104]


def test_a_line_breaks_where_nothing_is_known() -> None:
    root = parsed(svg.lines(WORDS, list("abcd"), [svg.Line("甲", (1, 2, None, 4))]))

    path = [it.attrib["d"] for it in root.iter("path") if it.attrib["class"] == "line l1"][-1]
    assert [path.count(pen) for pen in "ML"] == [2, 1]


@pytest.mark.parametrize(
    ("value", "top"),
    [(0, 4), (4, 4), (5, 8), (13, 16), (37, 40), (99, 100), (101, 120), (999, 1000)],
)
def test_the_scale_ends_at_a_round_number(value: float, top: float) -> None:
    root = parsed(svg.lines(WORDS, ["a"], [svg.Line("甲", (value,))]))

    ticks = [float(text.text or "") for text in root.iter("text") if (text.text or "").isdecimal()]
    assert max(ticks) == top
