"""Cutting a message so that each half can be read by itself."""

import pytest

from nlu.components.halves import asked_besides, asks, halves, stretches


def test_a_message_is_cut_after_its_first_and_before_its_last_clauses() -> None:
    assert halves("老板不给钱,骂人,去哪告") == [
        ("老板不给钱", "骂人 去哪告"),
        ("老板不给钱 骂人", "去哪告"),
    ]


def test_blanks_part_clauses_but_not_foreign_words() -> None:
    assert halves("wechat pay") == []


def test_dictated_text_is_cut_where_it_turns_to_what_is_wanted() -> None:
    assert halves("老板差我三个月工钱我就想问去哪里告") == [
        ("老板差我三个月工钱", "我就想问去哪里告")
    ]


def test_one_clause_is_not_cut() -> None:
    assert halves("居住证怎么办") == []
    assert halves("") == []


def test_of_a_long_story_only_what_is_near_the_cut_is_read() -> None:
    before, after = halves("他骂我," * 80 + "去哪告")[-1]

    assert len(before) <= 120
    assert after == "去哪告"


def test_a_long_story_is_read_in_stretches_without_its_last_clause() -> None:
    clauses = [
        "去年三月我家的地着村里占了",
        "说好一亩赔三万到现在一分没给",
        "我去问了四回都推给乡上",
    ]

    found = stretches(",".join([*clauses * 2, "请你们来量一量"]))

    assert len(found) == 2
    assert all(len(stretch) >= 40 for stretch in found)
    assert "请你们来量一量" not in " ".join(found)


def test_a_short_story_has_no_stretches() -> None:
    assert stretches("老板不给钱,骂人,去哪告") == []


def test_what_is_asked_besides_is_cut_out() -> None:
    assert asked_besides("他欠我三千还骂我,另外想问时效是几年") == "另外想问时效是几年"


@pytest.mark.parametrize(
    "text", ["他欠我三千", "他欠我三千,另外找你们来一趟", "另外问一下几点上班"]
)
def test_where_nothing_is_asked_besides_nothing_is_cut_out(text: str) -> None:
    assert asked_besides(text) == ""


@pytest.mark.parametrize("text", ["要哪些材料", "合法不", "给能报", "是不是这样", "咋个整"])
def test_a_question_is_known_by_its_words(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize("text", ["老板欠我三千", "请你们来一趟", "他占我家地"])
def test_what_only_tells_asks_nothing(text: str) -> None:
    assert not asks(text)
