"""A likely answer is held back where it may mean the opposite."""

from dataclasses import replace
from datetime import date

import pytest

from bot.contracts import Hit
from bot.knowledge.documents import Document
from bot.knowledge.guards import doubtful, other_year, turned_round
from tests.bot.knowledge.builders import TODAY


def an_allowance(answer: str, *phrasings: str) -> Document:
    question, *variants = phrasings or ("低保怎么申请",)
    hit = Hit("aid01", 1, "assistance", question, answer, (), 0.0)
    return Document(hit, tuple(variants), subject="低保", scope="national")


@pytest.mark.parametrize(
    ("question", "phrasing"),
    [
        ("法院不立案怎么办", "法院立案要什么材料"),
        ("没签合同怎么办", "签合同要注意什么"),
        ("无证驾驶罚多少", "驾驶证怎么考，有证驾驶要带什么"),
        ("婚前的房子归谁", "婚后的房子归谁"),
        ("结婚后能迁户口吗", "结婚前能迁户口吗"),
        ("境外看病报销吗", "境内看病报销吗"),
        ("还没上户口能读书吗", "上户口要什么材料"),
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
        ("娃娃出生了咋个上户口", "娃娃出生还没上户口怎么办"),
    ],
)
def test_other_ways_to_say_it_are_let_through(question: str, phrasing: str) -> None:
    assert not turned_round(question, phrasing)


@pytest.mark.parametrize(
    ("question", "answer", "held"),
    [
        ("低保一个月有多少钱", "向户口所在地的乡镇申请。", True),
        ("低保一个月有多少钱", "每人每月 640 元。", False),
        ("低保批下来要几天", "向户口所在地的乡镇申请。", True),
        ("低保批下来要几天", "30 天内办完。", False),
        ("办低保要多长时间", "受灾后 30 天内向乡镇申请，别拖过 1 年。", True),
        ("低保好久能批下来", "受灾后 30 天内向乡镇申请。", True),
        ("办低保要多长时间", "受灾后 30 天内申请，受理后 20 个工作日办结。", False),
        ("受灾后几天内申请低保", "受灾后 30 天内向乡镇申请。", False),
        ("低保打哪个电话问", "向户口所在地的乡镇申请。", True),
        ("想申请低保怎么申请", "向户口所在地的乡镇申请。", False),
        ("低保一学期补多少", "每人每月 640 元。", True),
        ("低保一年补多少", "每人每年 7680 元。", False),
        ("低保一次性能领多少", "每人每月 640 元。", False),
    ],
)
def test_an_answer_without_the_detail_asked_for_is_held_back(
    question: str, answer: str, *, held: bool
) -> None:
    document = an_allowance(answer)

    assert doubtful(question, "低保怎么申请", document, today=TODAY) == held


def test_what_an_editor_wrote_as_a_way_to_ask_is_answered() -> None:
    document = an_allowance("每年由县里公布。", "低保一个月有多少钱")

    assert not doubtful("低保一个月有多少钱？", "低保一个月有多少钱", document, today=TODAY)


@pytest.mark.parametrize(
    ("question", "phrasing", "answer", "other"),
    [
        ("2024年低保标准", "2026年低保标准是多少", "每月 640 元。", True),
        ("2026年低保标准", "2026年低保标准是多少", "每月 640 元。", False),
        ("2024年低保标准", "低保标准是多少", "每月 640 元。", True),
        ("去年的低保标准", "低保标准是多少", "每月 640 元。", True),
        ("2026年低保标准", "低保标准是多少", "每月 640 元。", False),
        ("2024年低保标准", "低保标准是多少", "2024年是 600 元，2026年是 640 元。", False),
        ("低保标准", "2026年低保标准是多少", "每月 640 元。", False),
    ],
)
def test_another_year_than_the_entrys_is_noticed(
    question: str, phrasing: str, answer: str, *, other: bool
) -> None:
    assert other_year(question, an_allowance(answer, phrasing), today=TODAY) == other


def test_an_entry_is_about_the_years_it_is_valid_in() -> None:
    document = replace(
        an_allowance("每月 640 元。"), valid_from=date(2025, 7, 1), valid_until=date(2026, 12, 31)
    )

    assert not other_year("2025年低保标准", document, today=TODAY)
    assert other_year("2024年低保标准", document, today=TODAY)
