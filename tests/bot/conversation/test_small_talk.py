"""A few words that say nothing yet get a friendly word, no refusal, no ticket and no alarm."""

from typing import Any

import pytest
import yaml
from sqlalchemy import select

from bot import wording
from bot.contracts import Action, Intent, Urgency
from bot.conversation import small_talk
from bot.db.engine import reading
from bot.tickets.tables import Ticket
from tests.bot.chat import Chat
from tests.fakes import FakeNlu

BOOK: dict[str, Any] = yaml.safe_load(small_talk.FILE.read_text("utf-8"))
FIRES = [(name, text) for name, words in BOOK["kinds"].items() for text in words["fires"]]
SILENT = [(name, text) for name, words in BOOK["kinds"].items() for text in words["silent"]]


@pytest.mark.parametrize(("name", "text"), FIRES)
def test_each_example_is_of_its_kind(name: str, text: str) -> None:
    found = small_talk.kind_of(text)

    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(("name", "text"), SILENT)
def test_what_says_more_is_not(name: str, text: str) -> None:
    found = small_talk.kind_of(text)

    assert found is None or found.name != name


def test_every_kind_has_its_words() -> None:
    assert set(BOOK["kinds"]) == set(wording.SMALL_TALK)


def test_whoever_asks_is_told_that_a_machine_answers(chat: Chat, nlu: FakeNlu) -> None:
    reply = chat.says(nlu.teach("你是机器人吗？", Intent.HUMAN_HANDOFF))

    assert "机器人，不是真人" in reply
    assert chat.last().action == Action.CHAT


def test_an_opening_opens_no_ticket(chat: Chat, nlu: FakeNlu) -> None:
    assert chat.says(nlu.teach("想咨询一下", Intent.HELP_REQUEST)) == wording.SMALL_TALK["opening"]
    with reading(chat.line.engine) as session:
        assert session.scalars(select(Ticket)).all() == []


@pytest.mark.parametrize("text", ["房东", "李芳", "三个月了", "在家", "今年60岁"])
def test_a_scrap_is_asked_for_more_and_not_refused(chat: Chat, nlu: FakeNlu, text: str) -> None:
    assert chat.says(nlu.teach(text, Intent.OUT_OF_SCOPE)) == wording.SAY_MORE


@pytest.mark.parametrize("text", ["昆明今天下雨不", "给我讲个笑话", "番茄炒蛋怎么做"])
def test_what_is_not_our_business_is_told_so(chat: Chat, nlu: FakeNlu, text: str) -> None:
    assert chat.says(nlu.teach(text, Intent.OUT_OF_SCOPE)) == wording.OUT_OF_SCOPE


@pytest.mark.parametrize("text", ["再见了", "低保", "我怕"])
def test_what_may_be_a_cry_reaches_a_person_however_short(
    chat: Chat, nlu: FakeNlu, text: str
) -> None:
    reply = chat.says(nlu.teach(text, Intent.HELP_REQUEST, urgency=Urgency.URGENT))

    assert "已经登记" in reply
    assert chat.last().action == Action.TICKET


def test_beside_a_ticket_a_scrap_goes_to_it(chat: Chat, nlu: FakeNlu) -> None:
    chat.says(nlu.teach("邻居占了我家的路不给走", Intent.DISPUTE))

    assert "加到编号" in chat.says(nlu.teach("我叫李芳", Intent.OUT_OF_SCOPE))
    assert chat.says("好的") == wording.SMALL_TALK["acknowledged"]
