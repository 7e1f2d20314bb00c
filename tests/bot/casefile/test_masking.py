"""Numbers on paper: what finds or robs somebody is hidden, what matters stays."""

import pytest

from bot.casefile.masking import identity_masked, masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("打13888881234找我", "打138****1234找我"),
        ("138 8888 1234", "138****1234"),
        ("138-8888-1234", "138****1234"),
        ("１３８８８８８１２３４", "138****1234"),
        ("身份证530102199003071234", "身份证530102**********34"),
        ("53010219900307123X。", "530102**********3X。"),
        ("卡号6222 0212 3456 7890 123", "卡号***************0123"),
        ("座机0871-65551234", "座机0871******34"),
    ],
)
def test_a_number_is_reduced_to_its_ends(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "欠了280000元，干了120天",
        "编号2603-0101，2026年3月2日 10:05",
        "打12333或者12348，急事110",
        "第153条",
        "1388888123456789012345",
    ],
)
def test_amounts_days_hotlines_and_ticket_numbers_stay(text: str) -> None:
    assert masked(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("身份证530102199003071234，电话13888881234", "身份证530102**********34，电话13888881234"),
        ("530102 19900307 123x", "530102**********3x"),
        ("５３０１０２１９９００３０７１２３４", "530102**********34"),
        ("单号530102209913071234567", "单号530102209913071234567"),
        ("１２３ 打12333", "１２３ 打12333"),
    ],
)
def test_on_pages_only_identity_numbers_are_hidden(text: str, shown: str) -> None:
    assert identity_masked(text) == shown
