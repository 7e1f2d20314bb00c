"""Rules and the NLU's odds, weighed together."""

import pytest

from bot.understanding.crisis import CrisisKind, CrisisSign, danger_points, find_crisis
from bot.understanding.danger import (
    CALM_FROM,
    HINTED_FROM,
    RULED_FROM,
    SEEN_FROM,
    SIGNS_THAT_HINT,
    SUSPECTED_FROM,
    Danger,
    may_whisper,
    weigh,
)

PLAIN = "我们村里的人去街上买菜了"
SIGN = CrisisSign(CrisisKind.VIOLENCE, "violence-now", "打")
CHILD = CrisisSign(CrisisKind.CHILD_ABUSE, "child-cruelty", "打")
FIRM = CrisisSign(CrisisKind.SELF_HARM, "self-harm-pills", "药", firm=True)


@pytest.mark.parametrize(
    ("sign", "odds", "danger"),
    [
        (None, 0.0, Danger.NONE),
        (None, SUSPECTED_FROM, Danger.SUSPECTED),
        (None, SEEN_FROM, Danger.SUSPECTED),
        (None, CALM_FROM, Danger.CRISIS),
        (SIGN, RULED_FROM / 2, Danger.NONE),
        (SIGN, RULED_FROM, Danger.CRISIS),
        (CHILD, 0.0, Danger.SUSPECTED),
        (CHILD, RULED_FROM, Danger.CRISIS),
        (FIRM, 0.0, Danger.CRISIS),
        (SIGN, None, Danger.CRISIS),
        (None, None, Danger.NONE),
    ],
)
def test_what_is_needed_for_a_crisis(
    sign: CrisisSign | None, odds: float | None, danger: Danger
) -> None:
    assert weigh(PLAIN, sign=sign, odds=odds) is danger


def test_small_signs_that_add_up_do_for_a_rule() -> None:
    text = "他喝多了,在砸门,我躲起来了,娃在哭"
    assert danger_points(text) >= SIGNS_THAT_HINT

    assert weigh(text, sign=None, odds=HINTED_FROM) is Danger.CRISIS
    assert weigh(PLAIN, sign=None, odds=HINTED_FROM) is Danger.NONE


def test_with_a_small_sign_of_danger_the_nlu_is_believed_sooner() -> None:
    text = "他喝多了在砸门"
    assert 0 < danger_points(text) < SIGNS_THAT_HINT

    assert weigh(text, sign=None, odds=SEEN_FROM) is Danger.CRISIS


def test_a_film_needs_more_from_the_nlu() -> None:
    film = "电视剧里那个媳妇好惨"

    assert weigh(film, sign=None, odds=(SEEN_FROM + CALM_FROM) / 2) is Danger.SUSPECTED
    assert weigh(film, sign=None, odds=CALM_FROM) is Danger.CRISIS


def test_a_firm_sign_is_told_before_others() -> None:
    sign = find_crisis("他打我,我把一瓶安眠药都吃了")

    assert sign is not None
    assert sign.firm


@pytest.mark.parametrize("text", ["我在昭通市", "我在等车", "不用了", "李芳"])
def test_the_nlu_alone_makes_no_alarm_of_a_scrap(text: str) -> None:
    assert weigh(text, sign=None, odds=0.97) is Danger.NONE


def test_a_scrap_with_a_word_of_danger_is_left_to_the_nlu() -> None:
    assert weigh("心里好想死", sign=None, odds=0.97) is Danger.CRISIS


def test_who_tells_of_a_hurt_child_learns_how_to_be_heard() -> None:
    assert may_whisper(PLAIN, doubted=CHILD, odds=0.0)
    assert not may_whisper(PLAIN, doubted=SIGN, odds=0.0)
    assert not may_whisper(PLAIN, doubted=None, odds=0.0)


def test_a_neighbour_who_tells_of_a_beaten_child_is_not_taken_for_a_quarrel() -> None:
    text = "隔壁两口子天天打他家姑娘"
    sign = find_crisis(text)

    assert sign is not None
    assert weigh(text, sign=sign, odds=0.0) is Danger.SUSPECTED
