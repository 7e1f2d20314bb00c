"""Who may import whom, and who may commit.  The arrow runs handlers -> bot."""

import ast
import graphlib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SERVERS = {"flask", "gunicorn", "werkzeug", "jinja2"}
FORBIDDEN = {
    "bot": {"handlers", "nlu", "rasa", "tests", *SERVERS},
    "handlers": {"nlu", "rasa", "tests"},
    "nlu": {"bot", "handlers", "tests", *SERVERS},
}
# Whoever begins a piece of work; everything below is handed an open session.
EDGES = (
    "handlers/",
    "bot/line.py",  # one message, for whoever brings it: the web process or the worker
    "bot/line_waiting.py",  # … and leaving it to the worker
    "bot/worker",
    "bot/jobs",
    "bot/chore_kinds",
    "bot/cli",
    "bot/ask.py",
    "bot/doctor",
    "bot/health",
    # Fetching the token is a call to WeChat, and no piece of work may be open during one.
    "bot/wechat/token.py",
    # Plays everybody at the edges: residents, staff, the worker, the timetable.
    "bot/simulation/",
)
ENGINE = "bot/db/"  # where a transaction is made
MODULES = {
    str(path.relative_to(ROOT)): path
    for package in FORBIDDEN
    for path in sorted((ROOT / package).rglob("*.py"))
    if ".venv" not in path.parts
}
PACKAGES = {name.removesuffix("/__init__.py").replace("/", ".") for name in MODULES}
LOCAL = [name for name in MODULES if not name.startswith((*EDGES, ENGINE, "nlu/"))]
OURS = [name for name in MODULES if not name.startswith((ENGINE, "nlu/"))]


def imported(path: Path) -> Iterator[str]:
    """Yield the top-level name of every import in the file, nested ones included."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def modules_imported(path: Path) -> Iterator[str]:
    """Yield the full name of every module of ours that the file imports."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module in PACKAGES:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def dotted(name: str) -> str:
    """Return the name by which a file is imported."""
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def called(path: Path) -> set[str]:
    """Return the last name of everything the file calls."""
    calls = (
        node.func
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
    )
    return {
        call.attr if isinstance(call, ast.Attribute) else call.id
        for call in calls
        if isinstance(call, ast.Attribute | ast.Name)
    }


@pytest.mark.parametrize("name", MODULES)
def test_imports_point_inwards(name: str) -> None:
    package = name.partition("/")[0]

    assert set(imported(MODULES[name])) & FORBIDDEN[package] == set()


def test_no_module_needs_itself() -> None:
    graph = {dotted(name): set(modules_imported(path)) for name, path in MODULES.items()}

    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        pytest.fail(" <- ".join(error.args[1]))


@pytest.mark.parametrize("name", LOCAL)
def test_only_the_edges_open_a_transaction(name: str) -> None:
    assert "transaction" not in called(MODULES[name])


@pytest.mark.parametrize("name", OURS)
def test_nobody_commits_but_the_transaction(name: str) -> None:
    assert called(MODULES[name]) & {"commit", "begin"} == set()
