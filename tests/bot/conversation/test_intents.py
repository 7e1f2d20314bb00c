"""What is done for each intent."""

import re

import pytest

from bot import wording
from bot.contracts import Action, Intent, Urgency
from tests.bot.chat import Chat
from tests.fakes import FakeNlu

NUMBER = re.compile(r"2603-\d{4}")


def test_a_policy_question_is_answered_with_its_source(chat: Chat) -> None:
    reply = chat.says("老板拖欠工资咋个办")

    assert "12333" in reply
    assert "《保障农民工工资支付条例》第三条" in reply
    assert wording.MACHINE_LINE in reply
    assert chat.last().action == Action.ANSWER


def test_a_question_nobody_can_answer_becomes_a_ticket(chat: Chat, nlu: FakeNlu) -> None:
    question = nlu.teach("火星上头种得成韭菜没得", Intent.POLICY_QUESTION)

    reply = chat.says(question)

    assert "不敢乱说" in reply
    assert NUMBER.search(reply)
    assert chat.last().action == Action.DECLINE


@pytest.mark.parametrize("intent", [Intent.HELP_REQUEST, Intent.DISPUTE])
def test_a_matter_gets_a_number_and_a_promise(chat: Chat, nlu: FakeNlu, intent: Intent) -> None:
    reply = chat.says(nlu.teach("隔壁占了我家的路 帮我去说说", intent, topic="neighbours"))

    assert NUMBER.search(reply)
    assert "前联系您" in reply
    assert chat.last().ticket_id


def test_an_urgent_matter_is_promised_sooner(chat: Chat, nlu: FakeNlu) -> None:
    text = nlu.teach("房东今晚要赶我们出去 帮帮忙", Intent.HELP_REQUEST, urgency=Urgency.URGENT)

    assert "这事急" in chat.says(text)


def test_a_second_matter_is_added_to_the_first(chat: Chat, nlu: FakeNlu) -> None:
    first = chat.says(nlu.teach("隔壁占了我家的路 帮我去说说", Intent.DISPUTE))
    second = chat.says(nlu.teach("他家还把水沟堵了", Intent.DISPUTE))

    assert NUMBER.findall(first) == NUMBER.findall(second)
    assert "加到编号" in second


def test_a_matter_carries_a_certain_answer_along(chat: Chat, nlu: FakeNlu) -> None:
    text = nlu.teach("老板拖欠工资咋个办", Intent.HELP_REQUEST, topic="wages")

    reply = chat.says(text)

    assert NUMBER.search(reply)
    assert "12333" in reply


def test_asking_for_a_person_opens_a_ticket(chat: Chat, nlu: FakeNlu) -> None:
    reply = chat.says(nlu.teach("我要跟真人讲话", Intent.HUMAN_HANDOFF))

    assert NUMBER.search(reply)
    assert chat.last().action == Action.HANDOFF


def test_a_complaint_about_us_opens_a_ticket(chat: Chat, nlu: FakeNlu) -> None:
    reply = chat.says(nlu.teach("你们那个社工态度太差了", Intent.FEEDBACK_COMPLAINT))

    assert "对不住" in reply
    assert NUMBER.search(reply)


def test_progress_names_the_caseworker(chat: Chat, nlu: FakeNlu) -> None:
    chat.says(nlu.teach("隔壁占了我家的路 帮我去说说", Intent.DISPUTE))

    reply = chat.says("查进度")

    assert "王芳" in reply
    assert chat.last().action == Action.STATUS


def test_progress_without_a_matter_says_so(chat: Chat) -> None:
    assert chat.says("查进度") == wording.STATUS_NONE


def test_anothers_number_looks_like_none(chat: Chat, nlu: FakeNlu) -> None:
    number = NUMBER.findall(chat.says(nlu.teach("帮我找老板要钱", Intent.HELP_REQUEST)))[0]
    other = Chat(chat.line, "o-zhao")

    reply = other.says(nlu.teach(f"查一下 {number}", Intent.TICKET_STATUS))

    assert reply == wording.STATUS_NONE


@pytest.mark.parametrize(
    ("intent", "text"),
    [(Intent.GREETING, wording.GREETING), (Intent.THANKS, wording.THANKS)],
)
def test_small_talk_is_answered_in_kind(
    chat: Chat, nlu: FakeNlu, intent: Intent, text: str
) -> None:
    assert chat.says(nlu.teach("你好呀", intent)) == text


def test_what_is_not_our_business_is_said_kindly(chat: Chat, nlu: FakeNlu) -> None:
    reply = chat.says(nlu.teach("明天下不下雨", Intent.OUT_OF_SCOPE))

    assert reply == wording.OUT_OF_SCOPE


def test_a_doubtful_out_of_scope_is_answered_after_all(chat: Chat, nlu: FakeNlu) -> None:
    text = nlu.teach("老板拖欠工资咋个办", Intent.OUT_OF_SCOPE, confidence=0.2)

    assert "12333" in chat.says(text)


def test_a_crisis_gets_numbers_at_once_and_an_urgent_ticket(chat: Chat) -> None:
    reply = chat.says("我不想活了 药都买好了")

    assert "12356" in reply
    assert "110" in reply
    assert chat.last().urgency == Urgency.CRISIS
    assert chat.last().ticket_id


def test_a_crisis_needs_no_nlu(chat: Chat, nlu: FakeNlu) -> None:
    nlu.down = True

    assert "110" in chat.says("他拿着菜刀在门口 说要砍死我们")


def test_a_message_is_answered_while_the_nlu_is_down(chat: Chat, nlu: FakeNlu) -> None:
    nlu.down = True

    reply = chat.says("老板拖欠工资咋个办")

    assert "12333" in reply
    assert chat.last().understood_by == "standin"
