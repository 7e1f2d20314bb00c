"""A policy document falls into the articles by which it is cited."""

import pytest

from bot.errors import InvalidInputError
from bot.knowledge.passages import LONGEST, split


def cited(text: str) -> list[tuple[str, str, str]]:
    return [(one.article, one.path, one.text) for one in split(text)]


def test_articles_stand_under_their_chapters() -> None:
    text = """# 石桥县外来务工人员服务办法
（2026年1月1日公布）
## 第一章 总则
**第一条** 为了做好服务，制定本办法。
第二条　本办法所称外来务工人员，是指：
（一）在本县务工的；
（二）随同居住的。
第二章 居住
第三条之一：到村委会登记。
第二条规定的人也要登记。
"""

    assert cited(text) == [
        ("", "石桥县外来务工人员服务办法", "（2026年1月1日公布）"),
        ("第一条", "石桥县外来务工人员服务办法 › 第一章 总则", "为了做好服务，制定本办法。"),
        (
            "第二条",
            "石桥县外来务工人员服务办法 › 第一章 总则",
            "本办法所称外来务工人员，是指：\n（一）在本县务工的；\n（二）随同居住的。",
        ),
        (
            "第三条之一",
            "石桥县外来务工人员服务办法 › 第二章 居住",
            "到村委会登记。\n第二条规定的人也要登记。",
        ),
    ]


def test_a_notice_is_split_by_its_numbered_headings() -> None:
    text = """各村：
一、补助对象
（一）特困人员，每户300元。
（二）低保户
1. 有老人的，每户200元。
2. 没有老人的，每户100.5元。
二、11月1日到30日办理，过期不办。
"""

    assert cited(text) == [
        ("", "", "各村："),
        ("一、（一）", "补助对象", "特困人员，每户300元。"),
        ("一、（二）1", "补助对象 › 低保户", "有老人的，每户200元。"),
        ("一、（二）2", "补助对象 › 低保户", "没有老人的，每户100.5元。"),
        ("二", "", "11月1日到30日办理，过期不办。"),
    ]


def test_a_text_without_any_number_is_one_passage() -> None:
    assert cited("取暖费11月发。\n\n找村委会领。") == [("", "", "取暖费11月发。\n找村委会领。")]


def test_a_long_article_is_parted_after_a_sentence_and_nothing_is_lost() -> None:
    long = "这是一句话。" * 300

    parts = split(f"第一条 {long}\n（一）还有一项。")

    assert {one.article for one in parts} == {"第一条"}
    assert all(len(one.text) <= LONGEST and one.text.endswith("。") for one in parts)
    assert "".join(one.text for one in parts).replace("\n", "") == f"{long}（一）还有一项。"


@pytest.mark.parametrize("text", ["", " \r\n \n", "# 只有标题"])
def test_a_file_without_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="没有正文"):
        split(text)


def test_a_file_of_far_too_many_parts_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="选错了文件"):
        split("\n".join(f"第{number}条 内容。" for number in range(1, 2100)))
