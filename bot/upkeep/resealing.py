"""Encrypting again what is stored: rows from before there was a key, or under an older one."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

from sqlalchemy import Column, ColumnElement, Engine, Table, Text, and_, cast, or_, select, update

from bot import sealing
from bot.db.all_tables import metadata
from bot.db.engine import whole
from bot.db.types import SealedJson, SealedKey, SealedText

AT_A_TIME = 500


def sealed_columns() -> Iterator[tuple[Table, list[Column[Any]]]]:
    """Yield each table that keeps something encrypted, with the columns that do."""
    for table in metadata.sorted_tables:
        kinds = (SealedText, SealedJson, SealedKey)
        columns = [column for column in table.columns if isinstance(column.type, kinds)]
        if columns:
            yield table, columns


def seal_again(engine: Engine) -> int:
    """
    Encrypt with the newest key whatever is not; safe to stop, to repeat, and while others work.

    Returns:
        How many rows were written.

    Raises:
        SealError: a row is under a key that is not on the ring; those before it are done.
    """
    done = sum(_table(engine, table, columns) for table, columns in sealed_columns())
    if done and engine.dialect.name == "sqlite":
        # What a page held before is still in the file until the file is written anew.
        with closing(engine.raw_connection()) as connection:
            connection.cursor().execute("VACUUM")
    return done


def _table(engine: Engine, table: Table, columns: Sequence[Column[Any]]) -> int:
    [key] = table.primary_key.columns
    found = (
        select(key, *columns).where(or_(*map(_is_stale, columns))).order_by(key).limit(AT_A_TIME)
    )
    last, done = None, 0
    while True:
        with whole(engine) as connection:
            piece = found if last is None else found.where(key > last)
            rows = connection.execute(piece.with_for_update()).mappings().all()
            for row in rows:
                values = {column.name: row[column.name] for column in columns}
                connection.execute(update(table).where(key == row[key.name]).values(values))
        if not rows:
            return done
        last, done = rows[-1][key.name], done + len(rows)


def _is_stale(column: Column[Any]) -> ColumnElement[bool]:
    """What may be under no key or an old one; of JSON that has nothing to hide, too much."""
    raw = cast(column, Text)
    if isinstance(column.type, SealedKey):
        return and_(raw != "", raw.not_like(f"{sealing.KEY_MARK}%"))
    newest = f"{sealing.MARK}{sealing.newest()}:"
    if isinstance(column.type, SealedJson):
        return and_(raw.not_in(("{}", "null")), raw.not_like(f"%{newest}%"))
    return and_(raw != "", raw.not_like(f"{newest}%"))
