"""Which form a database has, and whether this code can work with it; without Alembic."""

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, column, inspect, select, table

MIGRATIONS = Path(__file__).parent / "migrations"
_NUMBER_LENGTH = 4
_KEPT = table("alembic_version", column("version_num"))


def is_current(engine: Engine) -> bool:
    """Return whether the database has the form this code expects."""
    return _form(engine) == head()


def fits(engine: Engine) -> bool:
    """
    Return whether this process can work with the database.

    In an upgrade it has a later form for a while, which only adds; what this process expects
    is what was there when it started, whatever lies in its folder by now.
    """
    return _form(engine) == _at_start()[0] or is_later(engine)


def is_later(engine: Engine) -> bool:
    """Return whether the database has a form that came after this code."""
    form = _form(engine)
    return form is not None and form not in _at_start()[1]


def form_in(connection: Connection) -> str | None:
    """Return the last migration that was run; None where none was."""
    if not inspect(connection).has_table(_KEPT.name):
        return None
    found: str | None = connection.scalar(select(_KEPT.c.version_num))
    return found


def head() -> str | None:
    """Return the newest revision."""
    return max(versions(), default=None)


def versions() -> set[str]:
    """Return every revision this code knows: the numbers with which their files begin."""
    # Alembic would import each of them, and itself: eleven megabytes in every process.
    return {it.name[:_NUMBER_LENGTH] for it in (MIGRATIONS / "versions").glob("[0-9]*_*.py")}


def _form(engine: Engine) -> str | None:
    with engine.connect().execution_options(read_only=True) as connection:
        return form_in(connection)


@cache
def _at_start() -> tuple[str | None, frozenset[str]]:
    return head(), frozenset(versions())
