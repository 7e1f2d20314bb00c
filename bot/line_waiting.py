"""Waiting for the turn of a message, behind earlier ones of its resident."""

import time
from datetime import datetime

from sqlalchemy import Engine

from bot import inbox, metrics
from bot.clock import Clock
from bot.db.engine import reading, transaction
from bot.window import PassiveWindow

POLL_SECONDS = 0.05


def comes(engine: Engine, inbound_id: int, window: PassiveWindow, *, now: Clock) -> bool:
    """Wait while an earlier message of the resident is in work; False: a worker takes this up."""
    while True:
        with reading(engine) as session:
            before = inbox.ahead(session, inbound_id, now=now())
        if before.left or (before.any and window.seconds_left <= 0):
            leave(engine, inbound_id, now=now())
            return False
        if not before.any:
            return True
        time.sleep(POLL_SECONDS)


def leave(engine: Engine, inbound_id: int, *, now: datetime) -> None:
    """Leave a message to a worker."""
    metrics.LEFT.inc()
    with transaction(engine) as session:
        inbox.leave(session, inbound_id, now=now)
