"""Cutting texts to length and making them safe."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.wechat.text import cdata, split_text, strip_controls


@settings(deadline=None)
@given(text=st.text(), limit=st.integers(min_value=4, max_value=60))
def test_every_part_fits_and_nothing_is_lost(text: str, limit: int) -> None:
    clean = strip_controls(text)

    parts = split_text(clean, limit)

    assert all(part.strip() and len(part.encode()) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(clean.split())


@settings(deadline=None)
@given(text=st.text(alphabet="字。！a😀"), limit=st.integers(4, 40))
def test_the_parts_together_are_the_text(text: str, limit: int) -> None:
    assert "".join(split_text(text, limit)) == text


def test_a_short_text_is_one_part() -> None:
    assert split_text("您好", 1800) == ["您好"]


def test_nothing_is_no_part() -> None:
    assert split_text("", 1800) == []
    assert split_text(" \n", 1800) == []


def test_a_long_text_is_cut_after_a_line_before_a_sentence() -> None:
    assert split_text("一二三四\n五。六七八九", 24) == ["一二三四\n", "五。六七八九"]
    assert split_text("一二三四五。六七八九", 24) == ["一二三四五。", "六七八九"]
    assert split_text("请打 12333 或 12345 问一问", 20) == ["请打 12333 或 ", "12345 问一问"]


def test_a_cut_is_not_made_far_before_the_limit() -> None:
    assert split_text("一。二三四五六七八九", 24) == ["一。二三四五六七", "八九"]


@pytest.mark.parametrize("whole", ["👨‍👩‍👧", "👍🏽", "🇨🇳", "é", "བོད", "1️⃣"])
def test_what_a_reader_sees_as_one_is_not_cut(whole: str) -> None:
    limit = len(whole.encode()) + 1

    assert split_text(whole * 3, limit) == [whole] * 3


def test_something_longer_than_the_limit_is_cut_between_characters() -> None:
    parts = split_text("e" + "\u0301" * 20, 10)

    assert "".join(parts) == "e" + "\u0301" * 20
    assert all(len(part.encode()) <= 10 for part in parts)


def test_ten_thousand_characters_are_cut_at_eighteen_hundred_bytes() -> None:
    parts = split_text("字" * 10_000, 1800)

    assert [len(part) for part in parts[:-1]] == [600] * 16
    assert len(parts[-1]) == 400


def test_line_ends_and_tabs_are_not_controls() -> None:
    assert strip_controls("a\tb\nc\r\x00\x0b\ud800\uffff") == "a\tb\nc\r"


def test_a_section_cannot_be_ended_from_inside() -> None:
    assert cdata("a]]>b") == "a]]]]><![CDATA[>b"
