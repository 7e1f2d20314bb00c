"""Danger is found without the NLU, and what only sounds like danger is let pass."""

import pytest

from bot.understanding.crisis import FIRST_WORDS, CrisisKind, crisis_rules, find_crisis, guess_kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("我不想活了", CrisisKind.SELF_HARM),
        ("我不想活咯", CrisisKind.SELF_HARM),
        ("我 不 想 活 了", CrisisKind.SELF_HARM),
        ("不想活了，活著太累", CrisisKind.SELF_HARM),
        ("想自sha", CrisisKind.SELF_HARM),
        ("他又打我了 提着刀守在门口", CrisisKind.VIOLENCE),
        ("老公著打我 滿臉是血", CrisisKind.VIOLENCE),
        ("继父摸我，我今年12岁", CrisisKind.CHILD_ABUSE),
        ("工头昨晚把我强奸了", CrisisKind.SEXUAL),
        ("娃娃不见了，找了一下午", CrisisKind.MISSING),
        ("老板把我们锁在厂里不给走，手机收了", CrisisKind.CONFINED),
        ("拿不到工钱我就从塔吊上跳下去", CrisisKind.THREAT),
        ("我爹昏死过去了喊不应", CrisisKind.MEDICAL),
    ],
)
def test_a_danger_is_named_by_its_kind(text: str, kind: CrisisKind) -> None:
    sign = find_crisis(text)

    assert sign is not None
    assert sign.kind is kind


@pytest.mark.parametrize(
    "text",
    [
        "",
        "我要被热死了",
        "商家搞自杀式降价，买完就涨",
        "昨天看的电影里那个人跳楼了，好惨",
        "去年我脚摔断过，早就好了，想问还能不能报工伤",
        "家暴怎么取证",
        "这活累死个人，一天才八十",
        "我家猪死了三头，保险赔不赔",
        "想死你了，好久没来",
        "打药一天多少工钱",
        "手机死机了登不上去",
        "我哥涉嫌杀人要开庭了，想找法律援助",
        "前年有阵子不想活，现在好多了，想约心理老师聊聊",
    ],
)
def test_what_only_sounds_like_danger_is_let_pass(text: str) -> None:
    assert find_crisis(text) is None


def test_every_kind_has_its_first_words() -> None:
    assert set(FIRST_WORDS) == set(CrisisKind)


def test_every_rule_leads_to_a_kind() -> None:
    assert {CrisisKind(rule.kind) for rule in crisis_rules().rules} == set(CrisisKind) - {
        CrisisKind.OTHER
    }


def test_the_kind_of_an_unnamed_danger_is_guessed() -> None:
    assert guess_kind("他们不让走") is CrisisKind.CONFINED
    assert guess_kind("天哪") is CrisisKind.OTHER
