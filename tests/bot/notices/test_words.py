"""What leaves the house says that something waits, and not what about."""

import pytest

from bot.notices import words
from bot.notices.tables import NoticeKind
from bot.wechat.outcomes import OUTCOMES


@pytest.mark.parametrize("kind", NoticeKind)
def test_every_kind_has_words_for_both_sides(kind: NoticeKind) -> None:
    outside = words.outside([kind])

    assert words.label(kind)
    assert 0 < len(outside) <= 20
    assert not any(word in outside for word in ("危机", "居民", "家暴", "维权"))


def test_several_are_said_in_one_line() -> None:
    assert words.outside(["assigned", "mentioned"]) == "您有2条新提醒，请到工作台查看"


@pytest.mark.parametrize("name", [*words.REASONS, *OUTCOMES])
def test_every_failure_says_what_to_do(name: str) -> None:
    assert words.reason(name)
