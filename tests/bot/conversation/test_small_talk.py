"""A few words that say nothing yet get a friendly word, no refusal, no ticket and no alarm."""

from typing import Any

import pytest
import yaml
from sqlalchemy import select

from bot import wording, wording_talk
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
    assert set(BOOK["kinds"]) == set(wording_talk.SMALL_TALK)


def test_whoever_asks_is_told_that_a_machine_answers(chat: Chat, nlu: FakeNlu) -> None:
    reply = chat.says(nlu.teach("你是机器人吗？", Intent.HUMAN_HANDOFF))

    assert "机器人，不是真人" in reply
    assert chat.last().action == Action.CHAT


def test_an_opening_opens_no_ticket(chat: Chat, nlu: FakeNlu) -> None:
    assert (
        chat.says(nlu.teach("想咨询一下", Intent.HELP_REQUEST))
        == wording_talk.SMALL_TALK["opening"]
    )
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
    assert chat.says("好的") == wording_talk.SMALL_TALK["acknowledged"]


def test_who_drops_a_matter_is_asked_whether_to_withdraw_it(chat: Chat, nlu: FakeNlu) -> None:
    chat.says(nlu.teach("帮我找老板要钱", Intent.HELP_REQUEST))

    assert "要撤销" in chat.says("算了不告了")
    assert "已撤销" in chat.says("要撤销")


def test_who_drops_a_question_is_left_in_peace(chat: Chat, nlu: FakeNlu) -> None:
    chat.says("低保")

    assert (
        chat.says(nlu.teach("算了不投诉了", Intent.POLICY_QUESTION))
        == (wording_talk.SMALL_TALK["dropped"])
    )
    with reading(chat.line.engine) as session:
        assert session.scalars(select(Ticket)).all() == []


def test_who_was_in_danger_and_drops_it_is_heard_by_a_person(chat: Chat) -> None:
    chat.says("他拿着菜刀在门口 说要砍死我们")

    assert "加到编号" in chat.says("算了不告了")


def test_a_face_that_cries_is_asked_kindly_and_a_thankful_one_is_not(chat: Chat) -> None:
    assert chat.says("😭😭😭") == wording_talk.EMOJI_SEEN
    assert chat.says("🙏🙏") == wording_talk.SMALL_TALK["acknowledged"]


@pytest.mark.parametrize("text", ["报过警了", "我的手机号换了"])
def test_what_is_told_of_a_matter_is_no_question_how_it_stands(
    chat: Chat, nlu: FakeNlu, text: str
) -> None:
    chat.says(nlu.teach("帮我找老板要钱", Intent.HELP_REQUEST))

    assert "加到编号" in chat.says(nlu.teach(text, Intent.TICKET_STATUS))
    assert "已交给社工" in chat.says(nlu.teach("我的事办得咋样了", Intent.TICKET_STATUS))


def test_a_word_asked_about_is_no_question_how_a_matter_stands(chat: Chat, nlu: FakeNlu) -> None:
    text = nlu.teach("我想问的是那个低保的事情", Intent.TICKET_STATUS)

    assert "1 低保怎么申请" in chat.says(text)


@pytest.mark.parametrize("text", ["我想问低保", "你好，想问一下低保的事", "打错了，是低保"])
def test_a_word_that_is_asked_about_offers_its_entries(
    chat: Chat, nlu: FakeNlu, text: str
) -> None:
    assert "1 低保怎么申请" in chat.says(nlu.teach(text, Intent.GREETING))


@pytest.mark.parametrize("meant", [Intent.GREETING, Intent.THANKS])
def test_what_is_asked_beside_a_greeting_is_not_lost(
    chat: Chat, nlu: FakeNlu, meant: Intent
) -> None:
    reply = chat.says(nlu.teach("谢谢，还想问娃娃转学的事", meant))

    assert reply.startswith(wording.OFFER_HEAD) or "已经转给社工" in reply


def test_who_wants_no_more_messages_is_told_how_and_not_that_we_cannot_help(
    chat: Chat, nlu: FakeNlu
) -> None:
    reply = chat.says(nlu.teach("不要再给我发消息了", Intent.OUT_OF_SCOPE))

    assert reply == wording_talk.SMALL_TALK["no_more_messages"]


def test_beside_a_matter_a_person_reads_that_no_more_messages_are_wanted(
    chat: Chat, nlu: FakeNlu
) -> None:
    chat.says(nlu.teach("来帮我看看嘛", Intent.HELP_REQUEST))
    chat.says(nlu.teach("别再给我发消息了", Intent.FEEDBACK_COMPLAINT))

    assert chat.last().ticket_id is not None
    assert chat.last().action == Action.TICKET
