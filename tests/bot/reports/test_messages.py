"""The export of messages: what became of each, and nobody's name."""

import json

import pytest
from sqlalchemy import Engine

from bot.contracts import Intent
from bot.db.engine import reading
from bot.reports.messages import export, pseudonym
from bot.settings import Settings
from tests.bot.chat import Chat, a_line
from tests.fakes import FakeNlu, SetClock

KEY = b"key"


@pytest.fixture
def engine(stocked_engine: Engine) -> Engine:
    return stocked_engine


def test_each_message_is_told_with_its_end(engine: Engine, settings: Settings) -> None:
    nlu = FakeNlu()
    chat = Chat(a_line(engine, settings, nlu, SetClock()), "o-secret-openid")
    chat.says(nlu.teach("帮我找老板要钱", Intent.HELP_REQUEST), key="m:42:o-secret-openid")
    chat.sends("event.unsubscribe")

    with reading(engine) as session:
        first, second = export(session, key=KEY)

    assert first["key"] == f"m:42:{first['resident']}"
    assert first["msg_id"] == "1"
    assert first["ticket"] in first["reply"]
    assert first["delivery"] == {"via": "passive", "state": "not_handed_yet", "rest": []}
    assert second["delivery"] == {"via": "none", "state": "silent"}
    assert "o-secret-openid" not in json.dumps([first, second])


def test_a_pseudonym_is_stable_and_needs_the_key() -> None:
    assert pseudonym("o-li", KEY) == pseudonym("o-li", KEY)
    assert pseudonym("o-li", KEY) != pseudonym("o-li", b"other")
