"""ARCHITECTURE.md names only what is there, and stays a page."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`((?:bot|handlers|nlu|data|tests)/[\w./]*|config\.yaml)`", PAGE)))


@pytest.mark.parametrize("path", NAMED)
def test_what_the_page_names_exists(path: str) -> None:
    assert (ROOT / path).exists()


def test_the_page_names_something() -> None:
    assert len(NAMED) > 20
