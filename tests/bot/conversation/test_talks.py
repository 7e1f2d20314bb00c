"""What a message is about when others came before it: talks of several turns."""

import pytest

from bot.contracts import Action, Intent
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
