"""The order of decisions: what a message is about is asked last."""

import pytest

from bot.contracts import Action, Intent
from bot.conversation.decide import INTENTS
from tests.bot.chat import Chat
from tests.fakes import FakeNlu


@pytest.mark.parametrize(
    "text", ["ꉢꇉꀋꃅ", "ꓡꓲ-ꓢꓴ ꓥꓪ", "ᥖᥭᥰ ᥘᥫᥴ", "བོད་སྐད་ཤེས་མཁན", "Hello I need help please"]
)
def test_what_the_machine_cannot_read_goes_to_a_person(chat: Chat, text: str) -> None:
    assert "转给社工" in chat.says(text)
    assert chat.last().action == Action.HANDOFF


def test_a_command_means_the_same_whatever_the_nlu_makes_of_it(chat: Chat, nlu: FakeNlu) -> None:
    nlu.teach("人工", Intent.GREETING)

    assert "给您找社工" in chat.says("人工！")


def test_danger_comes_before_what_was_asked(chat: Chat) -> None:
    chat.says("老板拖欠工资咋个办")

    assert "110" in chat.says("他拿着菜刀在门口 说要砍死我们")


def test_more_of_the_same_matter_is_not_taken_for_a_new_question(chat: Chat, nlu: FakeNlu) -> None:
    chat.says(nlu.teach("帮我找老板要钱", Intent.HELP_REQUEST))

    assert "加到编号" in chat.says(nlu.teach("一共五个人 从三月份开始的", Intent.OUT_OF_SCOPE))


def test_every_intent_has_its_handler() -> None:
    assert INTENTS.keys() == set(Intent)
