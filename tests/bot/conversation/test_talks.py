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


def test_a_deed_told_after_an_offer_is_one_matter_with_the_question(
    chat: Chat, nlu: FakeNlu
) -> None:
    asked = nlu.teach("低保", Intent.POLICY_QUESTION, topic="assistance", topic_confidence=0.9)
    chat.says(asked)

    reply = chat.says(nlu.teach("我已经转了两千", Intent.DISPUTE))

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


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("我没得户口本", Intent.OUT_OF_SCOPE),
        ("要跑广东去不", Intent.POLICY_QUESTION),
        ("不是问我自己，是问我妈", Intent.HELP_REQUEST),
        ("65岁以上的", Intent.OUT_OF_SCOPE),
    ],
)
def test_a_few_words_after_an_answer_are_about_it(
    chat: Chat, nlu: FakeNlu, text: str, intent: Intent
) -> None:
    chat.says(DIBAO)

    reply = chat.says(nlu.teach(text, intent))

    assert DIBAO in reply
    assert chat.last().ticket_id is None


def test_what_somebody_has_not_got_is_quoted_where_the_entry_tells_of_it(
    chat: Chat, nlu: FakeNlu
) -> None:
    chat.says("领结婚证要带什么，能在打工的地方办吗")

    assert "不再要户口簿" in chat.says(nlu.teach("我没得户口本", Intent.POLICY_QUESTION))


@pytest.mark.parametrize(
    ("text", "intent", "topic"),
    [
        ("今天天气怎么样", Intent.OUT_OF_SCOPE, "none"),
        ("隔壁占我家的路", Intent.POLICY_QUESTION, "neighbours"),
        ("老板打我", Intent.DISPUTE, "wages"),
        ("谢谢哦", Intent.THANKS, "none"),
        ("没事了", Intent.OUT_OF_SCOPE, "none"),
    ],
)
def test_what_is_new_after_an_answer_is_not_about_it(
    chat: Chat, nlu: FakeNlu, text: str, intent: Intent, topic: str
) -> None:
    chat.says(DIBAO)

    assert DIBAO not in chat.says(nlu.teach(text, intent, topic=topic, topic_confidence=0.9))


def test_a_choice_of_another_subject_is_not_given_for_question_words(chat: Chat) -> None:
    offered = chat.says("我在昆明打工，娃娃要上小学了，户口在昭通，怎么报名")
    assert "领结婚证要带什么" in offered

    assert "结婚" not in chat.says("那要带什么")


def test_what_the_first_of_the_offered_says_of_it_is_quoted(chat: Chat, nlu: FakeNlu) -> None:
    assert "1 领结婚证要带什么" in chat.says("结婚证在外省能领不")

    reply = chat.says(nlu.teach("没得户口本", Intent.POLICY_QUESTION))

    assert "不再要户口簿" in reply
    assert "领结婚证要带什么" in reply


def test_the_same_choices_are_not_offered_again(chat: Chat, nlu: FakeNlu) -> None:
    assert "1 娃娃出生还没上户口" in chat.says("娃娃出生了咋个上户口")

    assert "已经转给社工" in chat.says(nlu.teach("要亲子鉴定不", Intent.POLICY_QUESTION))


def test_how_to_do_it_is_quoted_even_from_most_of_an_answer(chat: Chat) -> None:
    assert "能转" in chat.says("在外省打工交的养老保险能不能转")

    assert "向新参保地社保经办机构提出书面转移申请" in chat.says("咋个转")
