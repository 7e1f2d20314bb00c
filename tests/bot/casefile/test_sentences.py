"""Cutting a story into pieces that can be read on their own."""

import pytest

from bot.casefile.sentences import LONGEST, sentences

STORY = "我就想问，这种拖了大半年跑得没影的老板，公安到底管不管这件事情，我们十七个人都在等"


@pytest.mark.parametrize("between", [" ", "\n", "  ", "，"])
def test_each_piece_stands_in_the_text_as_it_is(between: str) -> None:
    text = f"{STORY.replace('，', between)}{between}会不会判他"

    pieces = sentences(text)

    assert all(piece in text for piece in pieces)
    assert pieces[-1].endswith("会不会判他")


def test_nothing_but_blanks_is_left_out() -> None:
    text = "  老板跑了。 工钱没给\n\n怎么办？  "

    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


def test_a_piece_fits_on_a_line() -> None:
    text = "他今天又来闹 " * 60

    assert max(map(len, sentences(text))) <= LONGEST
