"""Moving an installation into another database, such as from SQLite into PostgreSQL."""

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, Table

from bot.db.engine import one_moment, whole
from bot.db.form import is_current
from bot.db.migrate import migrate
from bot.errors import UpkeepError
from bot.upkeep import rows
from bot.upkeep.rows import Sum


@dataclass(frozen=True, slots=True)
class Copied:
    """What one table had, and has in its new place."""

    table: str
    before: Sum
    after: Sum

    @property
    def same(self) -> bool:
        """Whether nothing was lost or changed."""
        return self.before == self.after


def copy_database(source: Engine, target: Engine) -> list[Copied]:
    """
    Copy every row into the empty database *target*, and read both again to compare.

    All or nothing: the copy is one transaction, and the source is one moment.

    Raises:
        UpkeepError: the source has not the newest form, the target is not empty,
            or a table differs afterwards.
    """
    if not is_current(source):
        msg = "the old database has not the newest form: run `python -m bot migrate` on it first"
        raise UpkeepError(msg)
    migrate(target)
    with one_moment(source) as old, whole(target) as new:
        tables = rows.tables_of(new)
        if not rows.is_empty(new, tables):
            msg = "the new database is not empty: give an empty one, nothing is written over"
            raise UpkeepError(msg)
        pairs = list(zip(tables, _same(old, tables), strict=True))
        _fill(old, new, pairs)
        copied = [
            Copied(table.name, rows.sum_of(old, was), rows.sum_of(new, table))
            for table, was in pairs
        ]
        differing = [one.table for one in copied if not one.same]
        if differing:
            msg = f"these tables differ after the copy, so nothing was kept: {differing}"
            raise UpkeepError(msg)
    return copied


def _same(old: Connection, tables: list[Table]) -> list[Table]:
    there = {table.name: table for table in rows.tables_of(old)}
    return [there[table.name] for table in tables]


def _fill(old: Connection, new: Connection, pairs: list[tuple[Table, Table]]) -> None:
    for table, was in pairs:
        for piece in rows.lines(old, was):
            rows.write(new, table, piece)
    for table, was in pairs:
        if rows.late_columns(table):
            for piece in rows.lines(old, was):
                rows.connect(new, table, piece)
    rows.continue_numbers(new, [table for table, _ in pairs])
