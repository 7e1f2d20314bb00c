"""Sources are named in one line, and nothing is claimed that nobody checked."""

from bot.contracts import Hit, Source
from bot.knowledge.citation import cite

WAGES = "保障农民工工资支付条例"


def a_hit(*sources: Source) -> Hit:
    return Hit("wage01", 1, "wages", "问", "答", sources, 0.0)


def test_a_law_is_cited_with_article_and_date() -> None:
    source = Source(WAGES, "第三十条", effective_date="2020年5月1日", version="2019-12-30")

    assert cite(a_hit(source)) == f"出处：《{WAGES}》第三十条，2020年5月1日起施行。"


def test_articles_of_one_law_are_named_together() -> None:
    sources = [Source(WAGES, article) for article in ("第三条", "第十条", "第三条")]

    assert cite(a_hit(*sources, Source("劳动法", "第五十条"))) == (
        f"出处：《{WAGES}》第三条、第十条；《劳动法》第五十条。"
    )


def test_a_later_text_is_named_by_its_day() -> None:
    amended = Source("劳动法", "第四十四条", "", "1995年1月1日", "2018-12-29")
    undated = Source("工会法", "第三条", version="2021-12-24")

    assert cite(a_hit(amended)) == (
        "出处：《劳动法》第四十四条，1995年1月1日起施行，2018年12月29日修改。"
    )
    assert cite(a_hit(undated)) == "出处：《工会法》第三条，2021年12月24日文本。"


def test_a_document_number_follows_the_title() -> None:
    source = Source("工伤保险条例", "第十四条", "国务院令第375号")

    assert cite(a_hit(source)) == "出处：《工伤保险条例》（国务院令第375号）第十四条。"


def test_a_part_of_a_law_stands_outside_the_marks() -> None:
    source = Source("中华人民共和国民法典 婚姻家庭编", "第一千零七十九条")

    assert cite(a_hit(source)) == "出处：《中华人民共和国民法典》婚姻家庭编第一千零七十九条。"


def test_a_title_within_a_title_has_single_marks() -> None:
    source = Source("关于适用《民法典》的解释", "第三条")

    assert cite(a_hit(source)) == "出处：《关于适用〈民法典〉的解释》第三条。"


def test_a_hotline_is_no_document() -> None:
    source = Source("12345服务热线（全国公开号码）")

    assert cite(a_hit(source)) == "出处：12345服务热线（全国公开号码）。"
