"""Harm within days."""

import pytest

from bot.understanding.urgency import find_urgency


@pytest.mark.parametrize(
    "text",
    [
        "没吃的了，来下",
        "今晚没地方住",
        "明天就开庭了",
        "房东今天把我們趕出來了",
        "带着娃刚从家里逃出来",
    ],
)
def test_harm_within_days_is_seen(text: str) -> None:
    assert find_urgency(text) is not None


@pytest.mark.parametrize("text", ["", "低保怎么申请", "居住证到期怎么续", "老板欠我工资"])
def test_what_can_wait_is_let_wait(text: str) -> None:
    assert find_urgency(text) is None
