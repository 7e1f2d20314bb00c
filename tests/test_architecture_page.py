"""ARCHITECTURE.md and docs/where.md name only what is there; the first stays a page."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
WHERE = (ROOT / "docs" / "where.md").read_text("utf-8")
PATH = re.compile(r"`((?:bot|handlers|nlu|data|tests)/[\w./]*|config\.yaml)`")
NAMED = sorted(set(PATH.findall(PAGE + WHERE)))
MOST_LINES = 100


@pytest.mark.parametrize("path", NAMED)
def test_what_the_page_names_exists(path: str) -> None:
    assert (ROOT / path).exists()


def test_both_name_something_and_the_page_stays_one() -> None:
    assert len(PATH.findall(PAGE)) > 20
    assert len(PATH.findall(WHERE)) > 100
    assert len(PAGE.splitlines()) <= MOST_LINES


def test_nothing_stands_there_twice() -> None:
    first = [row.split("|")[1] for row in WHERE.splitlines() if row.startswith("| ")]
    rows = [text for text in first if "---" not in text and "I want to" not in text]

    assert len(rows) == len(set(rows))
