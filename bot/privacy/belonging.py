"""Whose a row is: the way from a table to a ticket or to a resident, by its references."""

from collections.abc import Callable, Iterator

from sqlalchemy import Column, ColumnElement, Table, false, or_, select

from bot.db.all_tables import metadata
from bot.db.types import SealedJson, SealedKey, SealedText

Whose = Callable[[Table], ColumnElement[bool]]
STORIES = (SealedText, SealedJson)
# Encrypted as well, and of staff: who asked for a report, with which words they search.
OF_STAFF = frozenset(
    {
        *("binding_offer", "bulk_deed", "erasure", "legal_hold"),
        *("report_export", "saved_filter", "second_factor", "shared_token", "staff_wechat"),
    }
)
# What becomes of these is decided one by one in erasure.py.
APART = frozenset({"resident", "contact_point", "person"})
_OWNERS = ("resident", "ticket", "inbound_message", "outbound_message", "case_task", "dispute")


def table(name: str) -> Table:
    """Return the table of this name."""
    return metadata.tables[name]


def story_columns(table: Table) -> list[Column[object]]:
    """Return the columns of the table that hold what people wrote."""
    return [column for column in table.columns if isinstance(column.type, STORIES)]


def tables_with_stories() -> Iterator[Table]:
    """Yield the tables that hold what residents, or staff about them, wrote."""
    for table in metadata.sorted_tables:
        sealed = any(isinstance(column.type, (*STORIES, SealedKey)) for column in table.columns)
        if sealed and table.name not in OF_STAFF | APART:
            yield table


def of_tickets(table: Table, tickets: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition for rows of the tickets for which *tickets* holds."""
    return _or_none(_leading(table, "ticket", tickets))


def of_resident(table: Table, resident_id: int) -> ColumnElement[bool]:
    """Return the condition for rows of this resident, directly or by a ticket of theirs."""
    resident = metadata.tables["resident"]
    return _or_none(_leading(table, "resident", resident.c.id == resident_id))


def _or_none(condition: ColumnElement[bool] | None) -> ColumnElement[bool]:
    return false() if condition is None else condition


def _leading(table: Table, target: str, which: ColumnElement[bool]) -> ColumnElement[bool] | None:
    if table.name == target:
        return which
    ways = []
    for column in table.columns:
        for reference in column.foreign_keys:
            other = reference.column.table
            if other.name == table.name or other.name not in _OWNERS:
                continue
            condition = _leading(other, target, which)
            if condition is not None:
                ways.append(column.in_(select(reference.column).where(condition)))
    return or_(*ways) if ways else None
