"""
What one test of a process has compiled, the next one finds.

SQLAlchemy keeps statements by engine and Werkzeug builders of addresses by application, and
a test has its own of both: compiling them again was half of what a page of the console cost.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule


class Statements(LRUCache[Any, Any]):
    """Compiled statements by what they say and for whom, whichever engine asks."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_of_any_engine(key), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(_of_any_engine(key), compiled)


def _of_any_engine(key: tuple[Any, ...]) -> tuple[Any, ...]:
    dialect, *statement = key
    return (dialect.name, dialect.driver, dialect.server_version_info, *statement)


STATEMENTS = Statements(2000)
BUILDERS: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}
_compile_builder = Rule._compile_builder


def share() -> None:
    """Let every engine and application of this process use what was compiled before."""
    event.listen(Engine, "engine_connect", _take_statements)
    Rule._compile_builder = _builder_of  # type: ignore[method-assign, assignment]


def _take_statements(connection: Connection) -> None:
    connection.execution_options(compiled_cache=STATEMENTS)


def _builder_of(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: FBT001, FBT002
    """Return the builder of an address; its code asks the rule it is bound to for all else."""
    if rule.defaults:
        return _compile_builder(rule, append_unknown)
    key = (rule.rule, tuple(rule._trace), append_unknown)
    if key not in BUILDERS:
        BUILDERS[key] = _compile_builder(rule, append_unknown)
    return BUILDERS[key]
