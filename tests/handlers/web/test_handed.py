"""Which passive replies left is written even where the process ends right after."""

from sqlalchemy import Engine, select

from bot import inbox
from bot.contracts import Push
from bot.db.engine import reading, transaction
from bot.inbox import InboundMessage
from handlers.web.handed import Handed
from tests.builders import a_resident
from tests.conftest import NOW
from tests.fakes import SetClock


def test_a_process_that_stops_writes_what_it_has(engine: Engine) -> None:
    with transaction(engine) as session:
        resident = a_resident(session)
        for key in ("m:1", "m:2", "m:3"):
            push = Push(key, "text", resident.openid, "gh", NOW)
            inbox.store(session, push, resident_id=resident.id, now=NOW)
        ids = list(session.scalars(select(InboundMessage.id)))
    handed = Handed(engine, SetClock())

    for inbound_id in ids:
        handed.note(inbound_id)
    handed.close()

    with reading(engine) as session:
        assert session.scalars(select(InboundMessage.handed_at)).all() == [NOW] * 3
