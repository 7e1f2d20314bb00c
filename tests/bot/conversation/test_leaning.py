"""A few words after an answer or beside a matter: talks of several turns."""

import pytest
from sqlalchemy import select

from bot.contracts import Action, Intent, Urgency
from bot.db.engine import reading
from bot.tickets.tables import Ticket
from tests.bot.chat import Chat
from tests.fakes import FakeNlu

DIBAO = "低保怎么申请"


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
        ("没签劳动合同能要双倍不", Intent.POLICY_QUESTION, "labour_contract"),
        ("82岁的有没有高龄补贴", Intent.POLICY_QUESTION, "elderly"),
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
    assert "1 领结婚证要带什么" in chat.says("结婚证在外省能领不")

    assert "已经转给社工" in chat.says(nlu.teach("要先体检不", Intent.POLICY_QUESTION))


def test_how_to_do_it_is_quoted_even_from_most_of_an_answer(chat: Chat) -> None:
    assert "能转" in chat.says("在外省打工交的养老保险能不能转")

    assert "向新参保地社保经办机构提出书面转移申请" in chat.says("咋个转")


def test_a_question_beside_a_matter_may_be_read_up_at_once(chat: Chat, nlu: FakeNlu) -> None:
    chat.says(nlu.teach("老板三个月没发钱", Intent.DISPUTE, topic="wages"))

    reply = chat.says(nlu.teach("劳动仲裁收钱不", Intent.POLICY_QUESTION))

    assert "加到编号" in reply
    assert "1 劳动仲裁去哪里申请，要钱吗" in reply
    assert "不收费" in chat.says("1")


def test_more_of_a_danger_that_is_known_gets_no_new_first_words(chat: Chat, nlu: FakeNlu) -> None:
    chat.says("我爸走丢了，早上出去就没回来")

    more = nlu.teach("他78了有老年痴呆", Intent.CRISIS, urgency=Urgency.CRISIS, crisis_odds=0.99)
    reply = chat.says(more)

    assert "值班社工看得到" in reply
    assert "110" in reply
    assert chat.last().action == Action.CRISIS


def test_more_of_a_matter_is_not_answered_as_a_question_of_another(
    chat: Chat, nlu: FakeNlu
) -> None:
    chat.says(nlu.teach("租房押金房东不退", Intent.DISPUTE, topic="neighbours"))

    assert "加到编号" in chat.says("没签劳动合同")
    assert "二倍工资" in chat.says("没签劳动合同怎么办")


def test_all_that_was_left_open_goes_to_the_person(chat: Chat) -> None:
    chat.says(DIBAO)
    chat.says("要是没有合同呢")
    chat.says("我是瑞丽的")

    assert "给您找社工" in chat.says("好嘛，那你帮我问一下")
    with reading(chat.line.engine) as session:
        told = session.scalars(select(Ticket.summary)).one()
    assert told == "低保怎么申请——要是没有合同呢；我是瑞丽的"


def test_an_entry_that_only_speaks_of_papers_too_is_not_offered(chat: Chat) -> None:
    chat.says("参保的家人病死了，社保能领什么")

    assert "养老保险能不能转" not in chat.says("要带些啥")


def test_what_somebody_is_or_lacks_is_of_the_answers_matter_whatever_its_own(
    chat: Chat, nlu: FakeNlu
) -> None:
    assert "出生登记" in chat.says("娃娃出生还没上户口怎么办")

    more = nlu.teach(
        "没结婚的能上不",
        Intent.POLICY_QUESTION,
        topic="family",
        topic_confidence=0.95,
        source="nlu",
    )
    assert "非婚生的娃娃和婚生的权利一样" in chat.says(more)
