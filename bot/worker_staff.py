"""The worker's part for staff: what they are told, and the codes they bind themselves by."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Protocol

import structlog

from bot import metrics
from bot.db.engine import reading, transaction
from bot.line import Line
from bot.notices import binding, rounds, sending
from bot.notices.sending import Post
from bot.notices.tables import Channel
from bot.wechat.client import WeChatApi

log = structlog.get_logger(__name__)


class Means(Protocol):
    """What the worker works with, as far as staff are concerned."""

    @property
    def line(self) -> Line:
        """Database, clock, settings."""

    @property
    def api(self) -> WeChatApi:
        """WeChat."""

    @property
    def posts(self) -> Mapping[Channel, Post]:
        """What carries notices."""


def tell_staff(worker: Means) -> bool:
    """Bring what staff are told a step further; no transaction is open while sending."""
    line = worker.line
    settings = line.tools.settings
    with reading(line.engine) as session:
        if not rounds.waiting(session, now=line.now()):
            return False
    with transaction(line.engine) as session:
        rounds.advance(session, now=line.now(), settings=settings)
    lease = timedelta(seconds=settings.outbox.lease_seconds)
    with transaction(line.engine) as session:
        parcel = sending.claim(session, now=line.now(), lease=lease)
    if parcel is None:
        return False
    result = sending.deliver(worker.posts, parcel)
    with transaction(line.engine) as session:
        sending.note_result(session, parcel, result, now=line.now())
    outcome = result.reason or result.state
    metrics.NOTICES.labels(channel=parcel.channel, outcome=outcome).inc()
    log.info("staff_told", deliveries=list(parcel.deliveries), outcome=outcome)
    return True


def make_codes(worker: Means) -> bool:
    """Have WeChat make the next code by which somebody binds their account."""
    line = worker.line
    with reading(line.engine) as session:
        wanted = binding.without_code(session, now=line.now())
    if wanted is None:
        return False
    url, problem = binding.ask_for_code(worker.api, wanted[1])
    with transaction(line.engine) as session:
        binding.note_code(session, wanted[0], url, problem)
    return True
