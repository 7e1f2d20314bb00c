"""The worker's part in the knowledge base: what is published is encoded at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.db.engine import reading, transaction
from bot.knowledge import revision
from bot.knowledge.encode import encode_texts, wanting
from bot.line import Line

log = structlog.get_logger(__name__)

AGAIN = timedelta(seconds=10)
"""After so long it is looked again whether all is encoded: the encoder may have been away."""


@dataclass
class Looked:
    """What was published when it was looked last, and when that was."""

    number: int = -1
    at: datetime | None = None
    complete: bool = False
    """All was encoded then: as long as nothing is published, nothing is to be done."""


def encode_published(line: Line, last: Looked) -> bool:
    """Have new texts encoded; False when all are, nobody can, or nothing is new."""
    if line.encoder is None:
        return False
    now = line.now()
    with reading(line.engine) as session:
        number = revision.current(session)
        soon = last.at is not None and now - last.at < AGAIN
        if number == last.number and (last.complete or soon):
            return False
        texts = wanting(session)
    done = encode_texts(lambda: transaction(line.engine), line.encoder, texts) if texts else 0
    last.number, last.at, last.complete = number, now, not texts
    if done:
        log.info("encoded", texts=done)
    return bool(done)
