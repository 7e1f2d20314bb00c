"""Small enough to read: limits that a test keeps."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("bot", "handlers", "nlu", "tests")
MODULES = sorted(
    path
    for folder in FOLDERS
    for path in (ROOT / folder).rglob("*.py")
    # A migration is written once, for all tables it touches, and never changed.
    if not {".venv", "versions"} & set(path.parts)
)
LONGEST_FILE = 250
LONGEST_FUNCTION = 40


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_fits_on_a_few_screens(path: Path) -> None:
    source = path.read_text("utf-8")
    lengths = {
        node.name: (node.end_lineno or 0) - node.lineno + 1
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }

    assert source.count("\n") <= LONGEST_FILE
    assert {name for name, length in lengths.items() if length > LONGEST_FUNCTION} == set()
