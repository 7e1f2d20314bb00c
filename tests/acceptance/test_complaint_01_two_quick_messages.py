"""Complaint 1: two quick messages make two tickets."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from bot.contracts import Intent, Push
from bot.db.engine import reading
from bot.line import Line, Passive, receive
from bot.settings import Settings
from bot.tickets import thread
from bot.window import PassiveWindow
from tests.acceptance.parallel import events, heard, live_tickets
from tests.bot.chat import a_line
from tests.conftest import NOW
from tests.fakes import FakeNlu, SetClock

MESSAGES = 50
TEXTS = [f"老板跑了，这是第{number}句" for number in range(MESSAGES)]


@pytest.fixture
def line(any_engine: Engine, settings: Settings) -> Line:
    nlu = FakeNlu()
    for text in TEXTS:
        nlu.teach(text, Intent.HELP_REQUEST, topic="wages")
    return a_line(any_engine, settings, nlu, SetClock())


def a_push(number: int) -> Push:
    """The messages of ten seconds, five in each; WeChat's numbers grow."""
    sent_at = NOW - timedelta(seconds=10 - number // 5)
    return Push(
        key=f"m:{9_000_000 + number}:{sent_at.timestamp():.0f}:o-li",
        kind="text",
        openid="o-li",
        account_id="gh",
        sent_at=sent_at,
        msg_id=str(9_000_000 + number),
        text=TEXTS[number],
    )


def arrives(line: Line, number: int) -> Passive | None:
    return receive(line, a_push(number), window=PassiveWindow(60), render=lambda text: text)


def test_fifty_messages_at_once_are_one_ticket_with_all_of_them_in_order(line: Line) -> None:
    order = list(range(MESSAGES))
    random.Random(7).shuffle(order)

    with ThreadPoolExecutor(MESSAGES) as pool:
        replies = list(pool.map(lambda number: arrives(line, number), order))

    engine = line.engine
    [ticket] = live_tickets(engine)
    messages = heard(engine)
    assert len(messages) == MESSAGES
    assert {message.ticket_id for message in messages} == {ticket.id}
    assert all(message.answered_at for message in messages)
    assert all(reply and ticket.number in reply.xml for reply in replies)
    assert (events(engine, "opened"), events(engine, "added")) == (1, MESSAGES - 1)
    with reading(engine) as session:
        bubbles = thread.bubbles(session, ticket, deeds=thread.history(session, ticket))
    assert [bubble.text for bubble in bubbles if bubble.who == thread.From.RESIDENT] == TEXTS
