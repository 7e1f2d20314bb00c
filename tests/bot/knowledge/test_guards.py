"""A likely answer is held back where it may mean the opposite."""

import pytest

from bot.knowledge.guards import turned_round


@pytest.mark.parametrize(
    ("question", "phrasing"),
    [
        ("法院不立案怎么办", "法院立案要什么材料"),
        ("没签合同怎么办", "签合同要注意什么"),
        ("无证驾驶罚多少", "驾驶证怎么考，有证驾驶要带什么"),
        ("婚前的房子归谁", "婚后的房子归谁"),
        ("结婚后能迁户口吗", "结婚前能迁户口吗"),
        ("境外看病报销吗", "境内看病报销吗"),
    ],
)
def test_opposites_are_noticed_either_way(question: str, phrasing: str) -> None:
    assert turned_round(question, phrasing)
    assert turned_round(phrasing, question)


@pytest.mark.parametrize(
    ("question", "phrasing"),
    [
        ("老板不给工资怎么办", "老板拖欠工资怎么办"),
        ("能不能申请低保", "低保怎么申请"),
        ("有没有免费培训", "免费培训在哪里"),
        ("不晓得低保怎么办", "低保怎么办"),
        ("没签合同", "没签劳动合同怎么办"),
        ("以前的工资能要吗", "工资能要回来吗"),
    ],
)
def test_other_ways_to_say_it_are_let_through(question: str, phrasing: str) -> None:
    assert not turned_round(question, phrasing)
