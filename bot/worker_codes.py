"""The worker's part in QR codes: fetching them from WeChat, with no transaction open meanwhile."""

import structlog

from bot.db.engine import reading, transaction
from bot.line import Line
from bot.wechat import codes

log = structlog.get_logger(__name__)


def make_next(line: Line, api: codes.Maker) -> bool:
    """Fetch the next code that is wanted; False when none is due."""
    with reading(line.engine) as session:
        if codes.due(session, now=line.now()) is None:
            return False
    with transaction(line.engine) as session:
        code = codes.claim(session, now=line.now())
    if code is None:
        return False
    made = codes.fetch(api, code)
    with transaction(line.engine) as session:
        codes.keep(session, code, made)
    log.info("code_made", outcome=made.problem or ("made" if made.url else "later"))
    return True
