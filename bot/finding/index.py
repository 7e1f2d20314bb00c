"""Adding to the index: whoever writes a text of a ticket adds it, in the same transaction."""

from functools import cache

from sqlalchemy.orm import Session

from bot.db.engine import table_of
from bot.db.inserting import Insert, insert_into
from bot.finding import grams
from bot.finding.tables import TicketGram


def add(session: Session, ticket_id: int | None, *texts: str) -> None:
    """Make the ticket be found by these texts too; what belongs to none is not searched."""
    if ticket_id is None:
        return
    # In one order everywhere: two who add to one ticket must not wait for each other.
    found = sorted({gram for text in texts for gram in grams.kept(text)})
    if found:
        rows = [{"gram": gram, "ticket_id": ticket_id} for gram in found]
        session.execute(_adding(session.get_bind().dialect.name), rows)


@cache
def _adding(dialect: str) -> Insert:
    """Return the statement of `add`; for the mapped class each row would cost as much again."""
    return insert_into(dialect, table_of(TicketGram)).on_conflict_do_nothing()
