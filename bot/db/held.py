"""Rows that a transaction has locked, so that it locks and reads none of them twice."""

from typing import TypeVar

from sqlalchemy.orm import Session, SessionTransaction

from bot.db.engine import Base

_KEY = "held"
Row = TypeVar("Row", bound=Base)
_Rows = dict[tuple[type[Base], int], tuple[SessionTransaction, Base]]


def hold(session: Session, row: Base, ident: int) -> None:
    """Note that *row*, of this id, was read under a lock that lasts until the transaction ends."""
    innermost = session.get_nested_transaction() or session.get_transaction()
    if innermost is not None:
        _rows(session)[type(row), ident] = (innermost, row)


def held(session: Session, table: type[Row], ident: int) -> Row | None:
    """Return the row if this transaction holds it; a lock is lost with the savepoint it is of."""
    innermost, row = _rows(session).get((table, ident), (None, None))
    if innermost is None or not innermost.is_active or not isinstance(row, table):
        return None
    return row


def _rows(session: Session) -> _Rows:
    """Return what the transaction of now holds: locks do not outlive theirs."""
    whole = session.get_transaction()
    of, rows = session.info.get(_KEY, (None, {}))
    if of is not whole or whole is None:
        rows = {}
        session.info[_KEY] = (whole, rows)
    kept: _Rows = rows
    return kept
