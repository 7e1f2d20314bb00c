"""One spelling for what looks or sounds the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.normalise import LONGEST, normalise


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("老闆欠我們工資", "老板欠我们工资"),
        ("１２３３３", "12333"),
        ("ＡＢＣ", "ABC"),
        ("自\u200b杀", "自杀"),
        ("不\u0336想\u0336活\u0336", "不想活"),
        ("一\n二\t三\u3000 四", "一 二 三 四"),
        ("/crisis{}", "crisis{}"),
        (" ／／ /crisis", "crisis"),
        ("٣٤", "34"),
        ("\ud800坏", "坏"),
        ("", ""),
    ],
)
def test_a_text_becomes_plain(written: str, plain: str) -> None:
    assert normalise(written) == plain


def test_a_very_long_text_is_cut() -> None:
    assert len(normalise("ﷺ" * 20_000)) <= LONGEST


@given(st.text())
def test_any_text_becomes_stable(text: str) -> None:
    plain = normalise(text)

    assert normalise(plain) == plain
    assert not plain.startswith("/")
