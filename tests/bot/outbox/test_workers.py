"""Several workers at one outbox."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine, select

from bot import outbox
from bot.db.engine import transaction
from bot.outbox import OutboundMessage, SendState
from bot.wechat import budget
from tests.bot.outbox.steps import LEASE, put
from tests.builders import a_resident
from tests.conftest import NOW
from tests.fakes import FakeWeChat

RESIDENTS, MESSAGES, WORKERS = 6, 5, 4


def drain(engine: Engine, api: FakeWeChat) -> None:
    """Send until nothing is queued; another worker may have the last one in hand."""
    while True:
        with transaction(engine) as session:
            sendable = outbox.claim(session, now=NOW, lease=LEASE)
            queued = OutboundMessage.state == SendState.QUEUED
            if (
                sendable is None
                and session.scalar(select(OutboundMessage.id).where(queued)) is None
            ):
                return
        if sendable is not None:
            result = outbox.deliver(api, sendable)
            with transaction(engine) as session:
                outbox.note_result(session, sendable, result, now=NOW)


def test_each_message_goes_out_once_and_each_residents_in_order(any_engine: Engine) -> None:
    with transaction(any_engine) as session:
        for number in range(RESIDENTS):
            resident_id = a_resident(session, openid=f"o-{number}").id
            budget.opened_by_message(session, resident_id, now=NOW)
            put(session, resident_id, *map(str, range(MESSAGES)))
    api = FakeWeChat()

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(lambda _: drain(any_engine, api), range(WORKERS)))

    for number in range(RESIDENTS):
        heard = [text for openid, text, _ in api.sent if openid == f"o-{number}"]
        assert heard == list(map(str, range(MESSAGES)))
