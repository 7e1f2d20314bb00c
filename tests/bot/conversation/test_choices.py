"""Which number a short text means."""

import pytest

from bot.conversation import choices


@pytest.mark.parametrize("text", ["2", "２", "②", " 2。", "二", "第二个", "选2", "回2", "2号"])
def test_one_number_said_in_many_ways(text: str) -> None:
    assert choices.number(text) == 2


@pytest.mark.parametrize("text", ["", "22", "2个月没发工资", "一家四口", "今天", "12333"])
def test_a_text_that_says_more_is_no_number(text: str) -> None:
    assert choices.number(text) is None


def test_words_pick_as_numbers_do() -> None:
    assert choices.picked("rate", "没解决！") == 2
    assert choices.picked("useful", "有用") == 1
