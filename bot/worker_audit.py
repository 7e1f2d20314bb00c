"""The worker's part in the record: its rows are chained some seconds after they were written."""

import structlog

from bot.audit import chain
from bot.db.engine import reading, transaction
from bot.line import Line

log = structlog.get_logger(__name__)


def chain_record(line: Line) -> bool:
    """Chain the rows that wait; False when there was nothing to do."""
    with reading(line.engine) as session:
        if not chain.waiting(session):
            return False
    with transaction(line.engine) as session:
        head = chain.take_up(session)
    # In the log it is out of reach of whoever changes the database.
    log.info("audit_head", head=str(head))
    return True
