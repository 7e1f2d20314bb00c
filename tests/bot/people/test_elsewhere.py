"""Questions about the rules of another province."""

import pytest

from bot.people.elsewhere import OUTSIDE, area_meant


@pytest.mark.parametrize("text", ["四川的高龄补贴多少", "贵州省低保标准", "那广东那边的呢"])
def test_another_province_is_asked_about(text: str) -> None:
    assert area_meant(text, "530111") == OUTSIDE


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("我在浙江打工，高龄补贴多少", "530111"),
        ("我从广东回来了，低保咋个办", "530111"),
        ("我是四川人，能办居住证不", "530111"),
        ("北京路那边吵得很", "530111"),
        ("广东打工交的社保能转不", "530111"),
        ("四川的医保在曲靖能报不", "530300"),
        ("低保多少", "530111"),
    ],
)
def test_a_province_merely_named_changes_nothing(text: str, area: str) -> None:
    assert area_meant(text, "530111") == area
