"""What a message is about when others came before it: talks of several turns."""

import pytest
from sqlalchemy import select

from bot import wording
from bot.contracts import Action, Intent
from bot.conversation.tables import AnswerGiven
from bot.db.engine import reading
from bot.tickets.tables import Ticket
from tests.bot.chat import Chat
from tests.fakes import FakeNlu

DIBAO = "低保怎么申请"


@pytest.mark.parametrize("text", ["82岁的老人有没有高龄补贴", "住在隔壁的人把路挖断了"])
def test_after_a_question_without_an_answer_half_a_sentence_is_not_about_the_one_before(
    chat: Chat, nlu: FakeNlu, text: str
) -> None:
    chat.says(DIBAO)
    chat.says(nlu.teach(text, Intent.POLICY_QUESTION, topic="elderly", topic_confidence=0.9))
    assert chat.last().action in {Action.OFFER, Action.DECLINE}

    assert "低保怎么申请" not in chat.says("去哪点办")


def test_what_no_entry_says_leaves_the_talk_with_the_answer(chat: Chat) -> None:
    chat.says(DIBAO)
    chat.says("要是没有合同呢")

    assert "低保怎么申请" in chat.says("去哪点办")


def test_a_matter_told_in_between_is_what_half_a_sentence_is_about(
    chat: Chat, nlu: FakeNlu
) -> None:
    chat.says(DIBAO)
    chat.says(nlu.teach("隔壁的人把我家的路挖断了", Intent.DISPUTE, topic="neighbours"))

    assert "加到编号" in chat.says("去哪点办")


def _summary(chat: Chat) -> str:
    with reading(chat.line.engine) as session:
        return session.scalars(select(Ticket.summary)).one()


def test_question_words_after_the_only_entry_offered_get_its_answer(chat: Chat) -> None:
    assert "2 都不是" in chat.says("居住证怎么办")

    reply = chat.says("那要带什么")

    assert chat.last().action == Action.ANSWER
    assert "居住证" in reply
    assert "居住证怎么办" in chat.says("多少天")


def test_question_words_that_one_of_the_offered_is_about_get_that_one(chat: Chat) -> None:
    assert "低保要批多长时间" in chat.says("低保")

    assert "出处" in chat.says("多少天")
    assert chat.last().action == Action.ANSWER


def test_nobody_is_sent_back_to_the_numbers_twice(chat: Chat) -> None:
    offered = chat.says("低保")
    assert offered.startswith(wording.OFFER_HEAD)

    assert chat.says("要带什么材料") == wording.OFFER_WHICH.format(first=1, last=4)
    assert "已经转给社工" in chat.says("要带什么材料嘛")
    assert _summary(chat) == "低保——要带什么材料嘛"


def test_what_somebody_lacks_is_told_to_a_person_with_the_question(
    chat: Chat, nlu: FakeNlu
) -> None:
    chat.says("低保")

    reply = chat.says(nlu.teach("没得房产证，租房子住的", Intent.OUT_OF_SCOPE))

    assert "帮不上" not in reply
    assert _summary(chat) == "低保——没得房产证，租房子住的"


def test_an_age_told_after_an_offer_goes_on_from_it(chat: Chat, nlu: FakeNlu) -> None:
    chat.says("低保")
    chat.says(nlu.teach("我爹85了", Intent.OUT_OF_SCOPE))

    assert _summary(chat) == "低保——我爹85了"


def test_a_deed_told_after_an_offer_is_one_matter_with_the_question(
    chat: Chat, nlu: FakeNlu
) -> None:
    sure = {"topic": "consumer_fraud", "topic_confidence": 0.94}
    chat.says(nlu.teach("低保", Intent.POLICY_QUESTION, **sure))

    reply = chat.says(nlu.teach("我已经转了两千", Intent.DISPUTE, **sure))

    assert "已经登记" in reply
    assert _summary(chat) == "低保——我已经转了两千"


@pytest.mark.parametrize(
    ("text", "intent", "topic"),
    [
        ("隔壁占我家路", Intent.POLICY_QUESTION, "neighbours"),
        ("老板拖欠工资咋个办", Intent.POLICY_QUESTION, "wages"),
        ("隔壁打我家的狗", Intent.DISPUTE, "neighbours"),
        ("今天天气怎么样", Intent.OUT_OF_SCOPE, "none"),
        ("谢谢哦", Intent.THANKS, "none"),
    ],
)
def test_another_subject_after_an_offer_is_one_of_its_own(
    chat: Chat, nlu: FakeNlu, text: str, intent: Intent, topic: str
) -> None:
    chat.says("低保")
    chat.says(nlu.teach(text, intent, topic=topic, topic_confidence=0.9))

    with reading(chat.line.engine) as session:
        told = session.scalars(select(Ticket.summary)).all()
    assert all("低保" not in summary for summary in told)


def test_a_place_after_an_offer_is_where_it_is_asked_for(chat: Chat, nlu: FakeNlu) -> None:
    chat.says("低保")

    reply = chat.says(nlu.teach("曲靖会泽的", Intent.OUT_OF_SCOPE))

    assert reply.startswith("曲靖市会泽县，晓得了")
    assert "1 低保怎么申请" in reply
    assert "出处" in chat.says("1")


def test_one_of_the_offered_is_picked_by_what_it_is_about(chat: Chat) -> None:
    assert "低保要批多长时间" in chat.says("低保")

    assert "出处" in chat.says("批多长时间那个")


def test_yes_to_the_only_entry_offered_gets_it(chat: Chat) -> None:
    assert "2 都不是" in chat.says("居住证怎么办")

    assert "出处" in chat.says("对的")


def test_people_come_back_to_a_list_by_place_without_marking_the_answer(chat: Chat) -> None:
    chat.says("低保")
    first = chat.says("第一个")

    second = chat.says("第二个也想看看")

    assert "出处" in second
    assert second != first
    with reading(chat.line.engine) as session:
        assert session.scalars(select(AnswerGiven.useful)).all() == [None, None]
    assert "给您找社工" in chat.says("都不是我要问的")


def test_a_person_is_had_by_words_too(chat: Chat) -> None:
    chat.says(DIBAO)
    assert "要社工帮您问清楚" in chat.says("要是没有合同呢")

    assert chat.says("好的") == wording.PERSON_ON_ONE
    assert "给您找社工" in chat.says("要的，麻烦了")


def test_what_else_it_takes_is_asked_of_the_question_before(chat: Chat, nlu: FakeNlu) -> None:
    assert "1 领结婚证要带什么" in chat.says("结婚证在外省能领不")

    more = nlu.teach(
        "要带户口本不", Intent.POLICY_QUESTION, topic="residence", topic_confidence=0.98
    )
    assert "不再要户口簿" in chat.says(more)


def test_money_sent_to_a_swindler_is_told_where_to_call_at_once(chat: Chat, nlu: FakeNlu) -> None:
    asked = nlu.teach("有人打电话说我医保卡停了，要我转钱", Intent.POLICY_QUESTION, topic="health")
    assert "诈骗电话" in chat.says(asked)

    told = nlu.teach("我已经转了两千", Intent.DISPUTE, topic="neighbours", topic_confidence=0.94)
    reply = chat.says(told)

    assert "已经登记" in reply
    assert "96110" in reply
