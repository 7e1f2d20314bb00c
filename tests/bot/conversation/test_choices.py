"""Which number a short text means."""

import pytest

from bot.conversation import choices


@pytest.mark.parametrize(
    "text",
    ["2", "２", "②", " 2。", "二", "第二个", "选2", "回2", "2号", "我选第二个吧", "第2个也想看看"],
)
def test_one_number_said_in_many_ways(text: str) -> None:
    assert choices.number(text) == 2


@pytest.mark.parametrize("text", ["", "22", "2个月没发工资", "一家四口", "今天", "12333"])
def test_a_text_that_says_more_is_no_number(text: str) -> None:
    assert choices.number(text) is None


def test_words_pick_as_numbers_do() -> None:
    assert choices.picked("rate", "没解决！") == 2
    assert choices.picked("useful", "有用") == 1


@pytest.mark.parametrize(
    ("kind", "text", "number"),
    [
        ("useful", "有用的，谢谢", 1),
        ("useful", "很有用", 1),
        ("useful", "没得用", 2),
        ("useful", "有用有用，谢谢", 1),
        ("useful", "有没有用", None),
        ("rate", "已经解决了，谢谢你们", 1),
        ("rate", "还是没办好", 2),
        ("rate", "解决了一半", None),
        ("rate", "办好了吗", None),
        ("safe", "我现在安全了", 1),
        ("safe", "还不安全", 2),
        ("safe", "安全帽", None),
        ("person", "要的", 1),
        ("person", "麻烦帮我问一下", 1),
        ("person", "不要", None),
        ("person", "好嘛，那你帮我问一下", 1),
        ("person", "我帮我妈问的，她今年六十了要交多少", None),
        ("withdraw", "不要撤", 2),
    ],
)
def test_words_are_known_with_what_people_put_around_them(
    kind: str, text: str, number: int | None
) -> None:
    assert choices.picked(kind, text) == number


@pytest.mark.parametrize(
    "text",
    ["都不是", "都不是的", "都不对", "没有我要问的", "不是这些", "以上都不是", "一个都不是"],
)
def test_a_whole_list_is_turned_down(text: str) -> None:
    assert choices.is_none(text)


@pytest.mark.parametrize("text", ["不是我打的", "没有合同", "没得户口本", "不是问我，是问我妈"])
def test_what_denies_something_else_turns_no_list_down(text: str) -> None:
    assert not choices.is_none(text)


@pytest.mark.parametrize(
    ("text", "place"),
    [("报销那个", 2), ("我想问昆明的", 1), ("医保", None), ("养老", None), ("是", None)],
)
def test_a_few_words_name_one_of_a_list(text: str, place: int | None) -> None:
    among = ["在昆明打工，老家交的医保能不能用", "村里人看病报销", "医保的事打什么电话"]

    assert choices.named(text, among) == place


def test_only_a_place_in_a_list_is_no_mark() -> None:
    assert choices.is_ordinal("第二个")
    assert not choices.is_ordinal("2")
