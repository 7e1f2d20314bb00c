"""Messages with everything marked that they name (entities.jsonl), and texts meant to hurt."""

import json
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

from nlu.entities.finder import find_all

HERE = Path(__file__).parent
MESSAGES = [json.loads(line) for line in (HERE / "entities.jsonl").read_text("utf-8").splitlines()]
KINDS = sorted({entity["entity"] for message in MESSAGES for entity in message["entities"]})
Named = set[tuple[int, str, int]]


@pytest.fixture(scope="module")
def counts() -> dict[str, tuple[Named, Named]]:
    """Return by kind what is marked and what is found: message, surface, offset."""
    marked: dict[str, Named] = defaultdict(set)
    found: dict[str, Named] = defaultdict(set)
    for number, message in enumerate(MESSAGES):
        for entity in message["entities"]:
            marked[entity["entity"]].add((number, entity["text"], entity["start"]))
        for span in find_all(message["text"]):
            found[span.entity].add((number, span.text, span.start))
    return {kind: (marked[kind], found[kind]) for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_found_is_right(kind: str, counts: dict[str, tuple[Named, Named]]) -> None:
    marked, found = counts[kind]

    assert len(found - marked) <= 0.05 * len(found)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_marked_is_found(kind: str, counts: dict[str, tuple[Named, Named]]) -> None:
    marked, found = counts[kind]

    assert len(marked - found) <= 0.08 * len(marked)


@pytest.mark.parametrize("kind", ["amount", "age", "people_count", "phone", "id_number"])
def test_values_are_those_that_were_meant(kind: str) -> None:
    for message in MESSAGES:
        values = {span.start: span.value for span in find_all(message["text"])}
        for entity in message["entities"]:
            if entity["entity"] == kind and entity["start"] in values:
                assert values[entity["start"]] == entity["value"]


@pytest.mark.parametrize(
    "pattern",
    [
        "1",
        "一",
        "年",
        "月",
        "十",
        "我",
        "在",
        "公司",
        "昆明",
        "号",
        "1 ",
        "3万",
        "五千块",
        "镇",
        "人",
        "岁",
    ],
)
def test_a_long_text_of_one_sign_is_read_to_its_end(pattern: str) -> None:
    text = (pattern * 5_000)[:5_000]

    spans = find_all(text)

    assert all(text[span.start : span.end] == span.text for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
