"""Half sentences: told from questions that stand on their own."""

import pytest

from bot.conversation.ellipsis import half_sentence


@pytest.mark.parametrize(
    ("text", "facet"),
    [
        ("那要带什么材料", "materials"),
        ("需要准备哪些证件？", "materials"),
        ("多少天", "time"),
        ("要好多天", "time"),
        ("那要交满好久", "time"),
        ("那个给好多钱", "amount"),
        ("要填哪样表", "materials"),
        ("在哪点学", "place"),
        ("大概几天能办好", "time"),
        ("要钱不", "cost"),
        ("办這個要錢不", "cost"),
        ("在哪点办", "place"),
        ("找哪个", "place"),
        ("电话多少", "phone"),
        ("然后呢", "steps"),
        ("网上可以办吗", "online"),
        ("啥条件", "condition"),
    ],
)
def test_question_words_alone_ask_for_a_facet(text: str, facet: str) -> None:
    asked = half_sentence(text)

    assert asked is not None
    assert facet in asked.facets


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("我是外地的呢", "外地"),
        ("那我妈呢", "妈"),
        ("要是没有合同呢", "没有合同"),
        ("要是老板跑了怎么办", "老板跑了"),
        ("那低保呢", "低保"),
    ],
)
def test_another_circumstance_is_named(text: str, condition: str) -> None:
    asked = half_sentence(text)

    assert asked is not None
    assert asked.condition == condition


@pytest.mark.parametrize(
    "text",
    [
        "",
        "你好",
        "好呢",
        "要得呢",
        "人工",
        "1",
        "老板拖欠工资咋个办",
        "低保要什么材料",
        "那你们帮我去办",
        "那给可以找个人呢",
        "那社工呢",
        "那工伤怎么认定",
        "你们电话多少",
        "我妈生病了",
        "要是老板再拖着我们十几个人的工钱不给我们要去哪里告他呢",
    ],
)
def test_what_has_a_subject_of_its_own_is_no_half_sentence(text: str) -> None:
    assert half_sentence(text) is None


def test_only_the_sentences_that_tell_of_it_are_given_word_for_word() -> None:
    asked = half_sentence("多少天")
    assert asked is not None

    told = asked.sentences("可以申请。受理后一般45天内裁决。带上身份证。")

    assert told == ["受理后一般45天内裁决。"]


def test_who_asks_what_comes_next_is_not_told_everything_again() -> None:
    asked = half_sentence("然后呢")
    assert asked is not None

    assert asked.sentences("先打12333投诉，再申请仲裁。") == []
