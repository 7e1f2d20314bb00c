"""What the index keeps of a text, and what it asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.finding import grams


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("在小板桥的工地上", "小板桥"),
        ("在小板桥的工地上", "工地"),
        ("老板跑了，工钱没给", "老板 工钱"),
        ("ＡＢＣ公司", "abc"),
        ("欠我3,000块", "3000"),
        ("打１３８００００１２３４", "13800001234"),
        ("打138 0000 1234", "13800001234"),
        ("打138-0000-1234", "1234"),
        ("编号 2603-4711", "4711"),
        ("ꆈꌠꉙ", "ꌠꉙ"),
    ],
)
def test_what_is_in_a_text_is_found(text: str, words: str) -> None:
    wanted = {gram for term in grams.terms(words) for gram in grams.wanted(term)}

    assert wanted
    assert wanted <= grams.kept(text)
    assert all(term in grams.normal(text) for term in grams.terms(words))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("在小板桥的工地上", "大板桥"),
        ("欠我30000块", "3000"),
        ("工。地", "工地"),
        ("138000012345", "13800001234"),
    ],
)
def test_what_is_not_in_a_text_is_not_found(text: str, words: str) -> None:
    wanted = {gram for term in grams.terms(words) for gram in grams.wanted(term)}

    assert not wanted <= grams.kept(text)


def test_one_character_alone_asks_for_nothing() -> None:
    assert grams.wanted("地") == set()


def test_a_pair_and_a_number_need_no_second_look() -> None:
    assert grams.sure("工地")
    assert grams.sure("13800001234")
    assert not grams.sure("小板桥")
    assert not grams.sure("欠3000元")


@pytest.mark.parametrize(
    ("term", "is_one"), [("13800001234", True), ("66318211", True), ("3000", False)]
)
def test_a_long_number_may_be_a_phone(term: str, is_one: bool) -> None:  # noqa: FBT001 (a case)
    assert grams.is_phone(term) is is_one


@given(st.text(max_size=60), st.integers(0, 60), st.integers(2, 20))
def test_any_part_of_a_text_that_is_asked_for_whole_is_kept(
    text: str, start: int, length: int
) -> None:
    whole = grams.normal(text)
    part = whole[start : start + length]
    pairs = {
        gram
        for term in grams.terms(part)
        if not any(run.isascii() for run in grams.RUN.findall(term))
        for gram in grams.wanted(term)
    }

    assert pairs <= grams.kept(text)
