"""Every row of a database as JSON, the same from SQLite and from PostgreSQL."""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    bindparam,
    func,
    insert,
    literal_column,
    select,
    text,
    update,
)

AT_A_TIME = 500
NOT_OURS = frozenset({"alembic_version", "nlu_model", "nlu_model_piece", "nlu_choice"})
"""Models are no data: each host has the archive, and trains one where it has none."""
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Sum:
    """How many rows a table has, and a sum over all of them that does not know their order."""

    rows: int = 0
    digest: int = 0

    def plus(self, lines: Iterable[str]) -> "Sum":
        """Return the sum with these rows, each as its line of JSON."""
        rows, digest = self.rows, self.digest
        for line in lines:
            rows += 1
            digest += int.from_bytes(hashlib.sha256(line.encode()).digest())
        return Sum(rows, digest % 2**256)


def tables_of(connection: Connection) -> list[Table]:
    """Return the tables of a database as they are there, those that others refer to first."""
    found = MetaData()
    found.reflect(connection)
    for table in found.tables.values():
        for column in table.columns:
            if isinstance(column.type, JSON):
                column.type.none_as_null = True  # what is nothing is no JSON `null`
    return [table for table in found.sorted_tables if table.name not in NOT_OURS and _keyed(table)]


def lines(connection: Connection, table: Table) -> Iterator[list[str]]:
    """Yield the rows of the table in pieces, each row as one line of JSON."""
    rows = connection.execution_options(yield_per=AT_A_TIME).execute(
        select(table).order_by(*table.primary_key)
    )
    for piece in rows.mappings().partitions():
        yield [_line(table, row) for row in piece]


def write(connection: Connection, table: Table, written: Sequence[str]) -> None:
    """Add rows; what refers to rows that may not be there yet is left to `connect`."""
    late = {column.name for column in late_columns(table)}
    rows = [
        {name: None if name in late else value for name, value in row.items()}
        for row in _read(table, written)
    ]
    if rows:
        connection.execute(insert(table), rows)


def connect(connection: Connection, table: Table, written: Sequence[str]) -> None:
    """Set the references that `write` left open."""
    late = late_columns(table)
    if not late:
        return
    keys = list(table.primary_key)
    rows = [
        {f"new_{name}": value for name, value in row.items()}
        for row in _read(table, written)
        if any(row[column.name] is not None for column in late)
    ]
    if rows:
        connection.execute(
            update(table)
            .where(*(key == bindparam(f"new_{key.name}") for key in keys))
            .values({column.name: bindparam(f"new_{column.name}") for column in late}),
            [_only(row, [*keys, *late]) for row in rows],
        )


def referring(table: Table, written: Iterable[str]) -> list[str]:
    """Return those of the rows that `connect` has something to set in."""
    late = [column.name for column in late_columns(table)]
    return [line for line in written if any(json.loads(line)[name] is not None for name in late)]


def late_columns(table: Table) -> list[Column[Any]]:
    """Return the columns that refer to this very table."""
    return [
        column
        for column in table.columns
        if any(key.column.table is table for key in column.foreign_keys)
    ]


def sum_of(connection: Connection, table: Table) -> Sum:
    """Count and sum the rows of a table."""
    total = Sum()
    for piece in lines(connection, table):
        total = total.plus(piece)
    return total


def is_empty(connection: Connection, tables: Iterable[Table]) -> bool:
    """Say whether no table has a row."""
    return not any(
        connection.scalar(select(literal_column("1")).select_from(table).limit(1))
        for table in tables
    )


def continue_numbers(connection: Connection, tables: Iterable[Table]) -> None:
    """Let PostgreSQL number new rows after the last one; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        key = list(table.primary_key)
        if len(key) != 1 or not isinstance(key[0].type, Integer):
            continue
        sequence = connection.scalar(
            text("SELECT pg_get_serial_sequence(:name, :key)"),
            {"name": table.name, "key": key[0].name},
        )
        last = connection.scalar(select(func.max(key[0])))
        if sequence and last:
            connection.execute(
                text("SELECT setval(:name, :last)"), {"name": sequence, "last": last}
            )


def _keyed(table: Table) -> bool:
    return bool(list(table.primary_key))


def _only(row: Mapping[str, Any], columns: Iterable[Column[Any]]) -> dict[str, Any]:
    return {f"new_{column.name}": row[f"new_{column.name}"] for column in columns}


def _line(table: Table, row: Mapping[Any, Any]) -> str:
    plain = {column.name: _plain(row[column]) for column in table.columns}
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return aware.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode("ascii")
    return value


def _read(table: Table, written: Iterable[str]) -> Iterator[dict[str, Any]]:
    for line in written:
        row = json.loads(line)
        yield {column.name: _value(column, row[column.name]) for column in table.columns}


def _value(column: Column[Any], plain: Any) -> Any:  # noqa: ANN401 (whatever a column holds)
    kind = column.type
    if plain is None or isinstance(kind, JSON):
        return plain
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(plain)
    if isinstance(kind, Date):
        return date.fromisoformat(plain)
    if isinstance(kind, LargeBinary):
        return base64.b64decode(plain)
    return plain
