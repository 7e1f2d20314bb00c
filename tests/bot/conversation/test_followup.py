"""Half sentences after an answer, through the whole line."""

import pytest
from sqlalchemy import select

from bot import wording
from bot.contracts import Action, Intent
from bot.conversation.tables import AnswerGiven
from bot.db.engine import reading, transaction
from bot.knowledge import entries
from bot.people.tables import Staff
from bot.tickets.tables import Ticket
from tests.bot.chat import Chat
from tests.fakes import FakeNlu, SetClock

WAGES = "老板拖欠工资咋个办"
DIBAO = "低保怎么申请"
SOURCE = "出处：《保障农民工工资支付条例》"


def test_a_facet_is_answered_with_the_entrys_own_words_and_source(chat: Chat) -> None:
    chat.says(WAGES)

    reply = chat.says("在哪点办")

    assert "被拖欠可以打12333或到当地人社部门" in reply
    assert "先留好工友名单" not in reply
    assert SOURCE in reply
    assert wording.MACHINE_LINE in reply
    assert chat.last().action == Action.ANSWER


def test_what_was_quoted_is_kept_with_version_and_clauses(chat: Chat) -> None:
    chat.says(WAGES)
    chat.says("电话多少")

    with reading(chat.line.engine) as session:
        whole, part = session.scalars(select(AnswerGiven).order_by(AnswerGiven.id)).all()
    assert part.version_id == whole.version_id
    assert part.clauses[0]["title"] == "保障农民工工资支付条例"
    assert part.clauses[0]["article"] == "第三条"
    assert part.quote.startswith("被拖欠可以打12333")
    assert (whole.quote, whole.clauses) == ("", part.clauses)


def test_several_half_sentences_follow_one_answer(chat: Chat) -> None:
    chat.says("劳动仲裁要多久出结果")

    assert "15天内向法院起诉" in chat.says("找哪个")
    assert "45天内裁决" in chat.says("大概多少天")


def test_another_circumstance_is_answered_only_where_the_entry_tells_of_it(chat: Chat) -> None:
    chat.says(DIBAO)

    reply = chat.says("我是外地的呢")

    assert "持居住证可在居住地申请" in reply
    assert "由当地部门看" in reply


def test_a_circumstance_nobody_wrote_about_is_not_guessed(chat: Chat) -> None:
    chat.says(WAGES)

    reply = chat.says("要是没有合同呢")

    assert "没有写" in reply
    assert "12333" in reply  # the entry names it
    assert "12345" not in reply  # the entry does not
    assert chat.last().action == Action.DECLINE
    assert chat.last().ticket_id is None


def test_an_emergency_number_is_not_for_questions(chat: Chat) -> None:
    chat.says("15岁的娃娃能不能出去打工")

    reply = chat.says("16岁呢")

    assert "可以打 12333 问。" in reply


def test_what_is_not_written_can_be_given_to_a_person_with_the_question(chat: Chat) -> None:
    chat.says(WAGES)
    chat.says("要是没有合同呢")

    assert "给您找社工" in chat.says("1")

    with reading(chat.line.engine) as session:
        ticket = session.scalars(select(Ticket)).one()
    assert ticket.summary == "老板拖欠工资怎么办——要是没有合同呢"
    assert ticket.topic == "wages"


def test_a_sibling_that_tells_of_it_is_offered_and_not_asserted(chat: Chat) -> None:
    chat.says("劳动仲裁要多久出结果")

    reply = chat.says("要钱不")

    assert "没有写" in reply
    assert "1 劳动仲裁去哪里申请，要钱吗" in reply
    assert chat.last().action == Action.OFFER
    assert "不收费" in chat.says("1")


def test_a_subject_merely_named_is_a_new_question(chat: Chat) -> None:
    chat.says("劳动仲裁要多久出结果")

    reply = chat.says("那低保呢")

    assert "低保要批多长时间" in reply
    assert "仲裁" not in reply


def test_a_question_the_search_is_sure_of_is_a_new_one(chat: Chat) -> None:
    chat.says(DIBAO)

    assert "12333" in chat.says(WAGES)


def test_another_topic_is_a_new_question(chat: Chat, nlu: FakeNlu) -> None:
    chat.says(DIBAO)
    text = nlu.teach(
        "那隔壁占路呢", Intent.POLICY_QUESTION, topic="neighbours", topic_confidence=0.9
    )

    assert "低保怎么申请" not in chat.says(text)


@pytest.mark.parametrize("minutes", [11, 60])
def test_after_a_while_half_a_sentence_is_about_nothing(
    chat: Chat, clock: SetClock, minutes: int
) -> None:
    chat.says(WAGES)
    clock.move(minutes=minutes)

    assert "刚才" not in chat.says("在哪点办")


def test_the_hotline_of_the_entry_is_told_with_its_source(chat: Chat) -> None:
    chat.says(DIBAO)

    reply = chat.says("电话多少")

    assert "可以打 12345。" in reply
    assert "出处：" in reply
    assert chat.last().action == Action.ANSWER


def test_question_words_after_an_offer_ask_for_the_number(chat: Chat) -> None:
    chat.says("低保")

    assert chat.says("要带什么材料") == wording.OFFER_WHICH.format(first=1, last=4)
    assert "出处：" in chat.says("1")


@pytest.mark.parametrize("text", ["在哪点办", "什么时候", "多少天", "电话多少"])
def test_without_an_answer_before_them_question_words_are_asked_about(
    chat: Chat, text: str
) -> None:
    assert chat.says(text) == wording.WHICH_MATTER


def test_question_words_are_never_surely_about_something_else(chat: Chat) -> None:
    chat.says("劳动仲裁要多久出结果")

    assert "45天内裁决" in chat.says("什么时候")


def test_the_sibling_that_asks_the_same_is_offered_alone(chat: Chat) -> None:
    chat.says(WAGES)

    reply = chat.says("多少天")

    assert "1 劳动监察投诉有没有期限，多久处理完\n2 都不是" in reply


def test_danger_is_no_follow_up(chat: Chat) -> None:
    chat.says(WAGES)

    assert "12356" in chat.says("那我不想活了呢")


def test_a_person_is_no_follow_up(chat: Chat, nlu: FakeNlu) -> None:
    chat.says(WAGES)

    assert "给您找社工" in chat.says(nlu.teach("那给可以找个人呢", Intent.HUMAN_HANDOFF))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("那要带什么材料", Intent.OUT_OF_SCOPE),
        ("那我妈呢", Intent.HUMAN_HANDOFF),
        ("然后呢", Intent.FEEDBACK_COMPLAINT),
        ("在哪点办", Intent.HELP_REQUEST),
    ],
)
def test_what_a_classifier_makes_of_half_a_sentence_does_not_count(
    chat: Chat, nlu: FakeNlu, text: str, meant: Intent
) -> None:
    chat.says(DIBAO)

    reply = chat.says(nlu.teach(text, meant))

    assert "低保怎么申请" in reply
    assert chat.last().ticket_id is None


def test_an_entry_withdrawn_meanwhile_is_not_quoted(chat: Chat) -> None:
    chat.says(WAGES)
    with transaction(chat.line.engine) as session:
        by = session.scalars(select(Staff.id)).first()
        assert by is not None
        entries.withdraw(session, "wage01", staff_id=by, now=chat.line.now())

    assert "被拖欠可以打12333" not in chat.says("在哪点办")


def test_useful_is_about_the_quote_that_was_read_last(chat: Chat) -> None:
    chat.says(WAGES)
    chat.says("在哪点办")

    assert chat.says("没用") == wording.USELESS_NOTED

    with reading(chat.line.engine) as session:
        given = session.scalars(select(AnswerGiven.useful).order_by(AnswerGiven.id)).all()
    assert given == [None, False]


def test_a_live_matter_gets_what_no_entry_says(chat: Chat, nlu: FakeNlu) -> None:
    chat.says(nlu.teach(WAGES, Intent.HELP_REQUEST, topic="wages"))

    assert "加到编号" in chat.says("要是没有合同呢")
    assert "人社部门" in chat.says("在哪点办")
