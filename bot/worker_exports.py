"""The worker's part in files: they are written while no page waits for them."""

import structlog

from bot.db.engine import reading, transaction
from bot.line import Line
from bot.reports import exports

log = structlog.get_logger(__name__)


def write_next(line: Line) -> bool:
    """Write the next file of tickets somebody asked for; False when none waits."""
    with reading(line.engine) as session:
        if not exports.waiting(session, now=line.now()):
            return False
    with transaction(line.engine) as session:
        export_id = exports.claim(session, now=line.now())
    if export_id is None:
        return False
    # No transaction that writes is open meanwhile: a large file takes a minute.
    with reading(line.engine) as session:
        written = exports.write(session, export_id, now=line.now(), settings=line.tools.settings)
    with transaction(line.engine) as session:
        exports.finish(session, export_id, written, now=line.now())
    log.info("exported", export=export_id, rows=written.rows)
    return True
