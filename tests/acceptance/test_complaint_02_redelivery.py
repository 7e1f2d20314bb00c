"""Complaint 2: a message that WeChat delivers again is handled twice."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from bot.contracts import Intent
from bot.settings import Settings
from handlers.web.app import make_app
from tests.acceptance.parallel import events, heard, live_tickets, said
from tests.bot.chat import a_line
from tests.bot.wechat import platform
from tests.fakes import FakeNlu, SetClock
from tests.handlers.web.conftest import Phone, reply_of

TRIES = 3
HELP = "帮我去找老板要工钱"
MORE = "我们五个人在官渡"


@pytest.fixture
def start(any_engine: Engine, settings: Settings) -> Callable[[SetClock], Phone]:
    """Start the public process anew, on what is in the database."""
    ours = settings.model_copy(update={"wechat": platform.settings()})
    nlu = FakeNlu()
    for text in (HELP, MORE):
        nlu.teach(text, Intent.HELP_REQUEST, topic="wages")

    def started(clock: SetClock) -> Phone:
        return Phone(make_app(ours, a_line(any_engine, ours, nlu, clock)).test_client(), clock)

    return started


def a_message(text: str, msg_id: int) -> str:
    body = (
        f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{text}]]></Content>"
        f"<MsgId>{msg_id}</MsgId>"
    )
    return platform.message(body)


def test_every_message_has_one_effect_however_often_it_comes(
    any_engine: Engine, start: Callable[[SetClock], Phone]
) -> None:
    clock = SetClock()
    messages = [a_message(HELP, 71), a_message(MORE, 72)]
    phone = start(clock)
    first = [[reply_of(phone.push(xml)) for _ in range(TRIES)] for xml in messages]

    after_a_restart = start(clock)
    second = [[reply_of(after_a_restart.push(xml)) for _ in range(TRIES)] for xml in messages]

    clock.move(minutes=10)
    third = [[reply_of(after_a_restart.push(xml)) for _ in range(TRIES)] for xml in messages]

    [ticket] = live_tickets(any_engine)
    for replies in zip(first, second, third, strict=True):
        texts = {reply for tries in replies for reply in tries}
        assert len(texts) == 1
        assert ticket.number in texts.pop()
    assert [message.text for message in heard(any_engine)] == [HELP, MORE]
    assert said(any_engine) == []
    assert (events(any_engine, "opened"), events(any_engine, "added")) == (1, 1)


def test_a_tap_and_a_scan_come_again_as_well(
    any_engine: Engine, start: Callable[[SetClock], Phone]
) -> None:
    phone = start(SetClock())
    follow = platform.event("subscribe", "<EventKey></EventKey>")

    replies = {reply_of(phone.push(follow)) for _ in range(TRIES)}

    assert len(replies) == 1
    assert len(heard(any_engine)) == 1
