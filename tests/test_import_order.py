"""Inside bot/ imports go downwards only, in the order below."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ORDER = (
    (
        *("errors", "contracts", "clock", "window", "places", "logs", "metrics"),
        *("memory", "durable"),
    ),
    ("sealing",),
    (
        "secrets_file",
        "sections",
        "sections_alerts",
        "wording",
        "wording_personal",
        "wording_talk",
        "paper",
    ),
    ("sheets", "kept_files"),
    ("house",),
    ("settings",),
    ("db",),
    # Tables are shapes: a feature may read another's, but not call its functions sideways.
    ("tables", "inbox", "processes", "audit"),
    ("finding", "chores"),
    ("knowledge",),
    ("people", "understanding"),
    ("workdays",),
    ("wechat",),
    ("outbox", "media"),
    ("notices",),
    ("sounds",),
    ("previews",),
    ("tickets",),
    ("disputes",),
    ("desk",),
    ("casefile",),
    ("privacy",),
    ("replies",),
    ("conversation",),
    ("staff_line",),
    ("line_reply", "line_turn", "line_keeping", "line_waiting"),
    ("line",),
    ("reports", "health", "jobs"),
    (
        "worker_health",
        "worker_codes",
        "worker_chores",
        "worker_knowledge",
        "worker_staff",
        "worker_audit",
        "worker_loops",
    ),
    ("worker", "wiring"),
    ("up", "doctor"),
    ("upkeep", "simulation"),
    ("chore_kinds",),
    ("ask",),
    ("evaluation",),
    ("cli_policies",),
    (
        "cli_areas",
        "cli_audit",
        "cli_calendar",
        "cli_chores",
        "cli_keys",
        "cli_knowledge",
        "cli_nlu",
        "cli_privacy",
        "cli_run",
        "cli_service",
        "cli_simulate",
        "cli_tickets",
        "cli_upkeep",
        "cli_worker",
    ),
    ("cli",),
    ("__main__",),
)
LEVEL = {name: level for level, names in enumerate(ORDER) for name in names}
# Whoever gathers all tables stands above them, though it lies in db/.
APART = {"bot/db/all_tables.py", "bot/db/migrations/env.py"}
MODULES = {
    str(path.relative_to(ROOT)): path
    for path in sorted((ROOT / "bot").rglob("*.py"))
    if "versions" not in path.parts and path.name != "__init__.py"
}


def unit(parts: tuple[str, ...]) -> str:
    """Return the feature a dotted name belongs to; all tables are one."""
    return "tables" if parts[-1] == "tables" else parts[0]


def imported(path: Path) -> Iterator[str]:
    """Yield the units of bot/ that the file imports."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith("bot."):
                    yield unit(tuple(alias.name.split(".")[1:]))
        elif isinstance(node, ast.ImportFrom) and node.module == "bot":
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bot."):
            parts = tuple((node.module or "").split(".")[1:])
            for alias in node.names:
                yield unit((*parts, alias.name) if alias.name == "tables" else parts)


@pytest.mark.parametrize("name", [name for name in MODULES if name not in APART])
def test_imports_go_downwards(name: str) -> None:
    path = MODULES[name]
    own = unit(path.relative_to(ROOT / "bot").with_suffix("").parts)

    upwards = {other for other in imported(path) if LEVEL[other] > LEVEL[own]}

    assert upwards == set()


def test_every_feature_has_its_place() -> None:
    units = {unit(p.relative_to(ROOT / "bot").with_suffix("").parts) for p in MODULES.values()}

    assert units <= LEVEL.keys()
