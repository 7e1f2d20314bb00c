"""Texts are cut the same however they are typed."""

import unicodedata

import pytest

from bot.knowledge import tokens
from bot.knowledge.tokens import LONGEST, asked, bare, grams, normalise, windows


def test_characters_and_pairs_stay_within_their_clause() -> None:
    assert grams("低保，怎么") == ["低", "保", "低保", "怎", "么", "怎么"]


def test_traditional_and_full_width_texts_are_read_as_plain_ones() -> None:
    assert grams("勞動１２３３３ＡＢ") == grams("劳动12333ab")
    assert bare("工資 拖欠！") == "工资拖欠"


def test_nothing_to_read_is_nothing() -> None:
    assert grams("") == []
    assert grams("！？😀 ") == []


def test_only_the_beginning_of_a_very_long_text_is_read() -> None:
    assert len(bare("字" * 10_000)) == LONGEST


def test_a_long_message_is_read_two_clauses_at_a_time() -> None:
    parts = windows("我是从镇雄来昆明打工的，在工地上干了三个月活，老板到现在不给工钱")

    assert parts == [
        "我是从镇雄来昆明打工的，在工地上干了三个月活",
        "在工地上干了三个月活，老板到现在不给工钱",
    ]
    assert windows("老板不给钱，怎么办") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("低保咋个申请", "低保怎么申请？"),
        ("请问低保如何申请呢", "低保怎么申请"),
        ("居住证克哪点办嘛", "居住证去哪里办"),
        ("办残疾证要啥材料", "办残疾证要什么材料"),
    ],
)
def test_ways_of_asking_are_one(one: str, other: str) -> None:
    assert asked(one) == asked(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("结婚前的债怎么算", "结婚后的债怎么算"),
        ("工伤认定了怎么赔", "工伤没认定怎么赔"),
        ("低保", "五保"),
    ],
)
def test_what_is_asked_about_is_kept(one: str, other: str) -> None:
    assert asked(one) != asked(other)


def test_traditional_writing_is_looked_for_and_never_overlooked() -> None:
    converter = tokens._converter()
    written = [
        key
        for group in converter._dict_chain_data
        for *_, pairs in group
        for key in list(pairs)[::7]
    ]

    overlooked = [text for text in written if normalise(f"想{text}问") != wholly(f"想{text}问")]

    assert len(written) > 500
    assert overlooked == []


def wholly(text: str) -> str:
    return str(tokens._converter().convert(unicodedata.normalize("NFKC", text))).lower()
