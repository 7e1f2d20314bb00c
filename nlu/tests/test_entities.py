"""What residents name, in their own words."""

import pytest

from nlu.entities.finder import find_all


def named(text: str, entity: str) -> list[object]:
    return [span.value for span in find_all(text) if span.entity == entity]


def said(text: str, entity: str) -> list[str]:
    return [span.text for span in find_all(text) if span.entity == entity]


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("欠我三万五千块", [35_000]),
        ("还有七万没还", [70_000]),
        ("估着一千三", [1_300]),
        ("说好八百一亩", [800]),
        ("送了牛和六万六", [66_000]),
        ("工资2600就是不结", [2_600]),
        ("一共1.2万元", [12_000]),
        ("押金3万5不退", [35_000]),
        ("收我5,000元", [5_000]),
        ("千把块钱", [1_000]),
        ("3千5的工钱", [3_500]),
        ("退我2w8", [28_000]),
        ("二十多万的工程款", [200_000]),
        ("一天八十 包吃", [80]),
        ("三块五一斤", [3.5]),
        ("八十块一斤", [80]),
        ("四十五一平", [45]),
        ("¥3000到账", [3_000]),
        ("补考费六百一起交", [600]),
        ("要五六万", ["五六万"]),
        ("我家十亩秧田", []),
        ("三百多人", []),
        ("批两块地", []),
        ("2023年的事", []),
        ("爷爷走了十一年了", []),
        ("千万不要讲", []),
        ("要打12345", []),
        ("收302房的", []),
        ("两百万播放", []),
        ("百分之三十", []),
    ],
)
def test_sums_are_read_in_yuan(text: str, yuan: list[object]) -> None:
    assert named(text, "amount") == yuan


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("老倌七十二了", [72]),
        ("我女儿13岁", [13]),
        ("我公公今年八十五", [85]),
        ("娃娃四岁", [4]),
        ("我八十一了", [81]),
        ("儿子十七了", [17]),
        ("我们老两口都70多了", [70]),
        ("今年三月份", []),
        ("我三十个工友", []),
        ("社保满十五年", []),
        ("娃娃十个都不够", []),
    ],
)
def test_ages_follow_a_person_or_stand_in_years(text: str, ages: list[int]) -> None:
    assert named(text, "age") == ages


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("一家四口从山上下来", [4]),
        ("我们七个人", [7]),
        ("我们五个在工地", [5]),
        ("家里五口人", [5]),
        ("一共23名工人", [23]),
        ("我们两口子", []),
        ("我们几十个人睡地铺", []),
        ("三个人均分", []),
        ("老两口在家", []),
    ],
)
def test_people_are_counted_by_household_or_group(text: str, count: list[int]) -> None:
    assert named(text, "people_count") == count


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("五个月前在采石场", ["五个月前"]),
        ("上个月他动手", ["上个月"]),
        ("昨天讲了两句 明天断电 今晚没地方住", ["昨天", "明天", "今晚"]),
        ("上周三来的", ["上周三"]),
        ("3月5日开庭", ["3月5日"]),
        ("去年3月到今年5月的工钱", ["去年3月到今年5月"]),
        ("明天下午三点来", ["明天下午三点"]),
        ("腊月二十八还在做", ["腊月二十八"]),
        ("五月就说结", ["五月"]),
        ("25年10月入职", ["25年10月"]),
        ("年前说给", ["年前"]),
        ("住在3号楼", []),
        ("天天心头堵", []),
        ("每个月15号发", []),
        ("以前早上都听得见", []),
        ("上月月扣我", []),
        ("一周一次", []),
        ("三个月没发", []),
    ],
)
def test_dates_keep_the_words_that_were_said(text: str, dates: list[str]) -> None:
    assert named(text, "date") == dates


@pytest.mark.parametrize(
    ("text", "quantities"),
    [
        ("占了我家十二亩地", ["十二亩"]),
        ("丢了三头牛", ["三头牛"]),
        ("砍了两百棵核桃", ["两百棵"]),
        ("收我八百斤菜 一斤三块五", ["八百斤"]),
        ("家里一亩二分地", ["一亩二分"]),
        ("两头都惹不起", []),
        ("买了一台电视", []),
        ("做了三天 三个娃", []),
        ("住六栋1702", []),
        ("四四方方的", []),
        ("三万块和五千", []),
    ],
)
def test_quantities_are_neither_money_nor_people(text: str, quantities: list[str]) -> None:
    assert named(text, "quantity") == quantities


@pytest.mark.parametrize(
    ("text", "persons"),
    [
        ("我妈被包工头打了", [("我妈", "母亲"), ("包工头", "包工头")]),
        ("房东不退", [("房东", "房东")]),
        ("李老板跑了 我老公去找", [("李老板", "雇主"), ("我老公", "丈夫")]),
        ("我们老板讲的", [("老板", "雇主")]),
        ("买了老人机 交律师费", []),
        ("我们娘家那边", []),
    ],
)
def test_persons_are_named_by_what_they_are(text: str, persons: list[tuple[str, str]]) -> None:
    found = [(span.text, span.value) for span in find_all(text) if span.entity == "person"]

    assert found == persons


@pytest.mark.parametrize(
    ("text", "employers"),
    [
        ("在恒远建筑公司上班", ["恒远建筑公司"]),
        ("昆明水泥厂欠薪", ["水泥厂"]),
        ("我老公在海底捞洗碗", ["海底捞"]),
        ("采石场着石头砸", ["采石场"]),
        ("大公司管不管", []),
        ("公司一直没交社保", []),
        ("在官渡某公司", []),
        ("拼多多买的水果", []),
        ("在广东厂里", []),
    ],
)
def test_a_place_of_work_can_be_told_from_others(text: str, employers: list[str]) -> None:
    assert named(text, "employer") == employers


def test_a_phone_is_found_in_any_spelling() -> None:
    texts = ["打13888812345给我", "138-8881-2345", "座机0871-63512345", "幺三八八八八幺二三四五"]

    assert [named(text, "phone") for text in texts] == [
        ["13888812345"],
        ["13888812345"],
        ["087163512345"],
        ["13888812345"],
    ]


@pytest.mark.parametrize(
    "written",
    ["53010219900307123x", "530102 19900307 123X", "五三零一零二一九九零零三零七一二三X"],
)
def test_an_identity_number_is_no_phone(written: str) -> None:
    text = f"身份证{written} 电话不给"

    assert named(text, "id_number") == ["53010219900307123X"]
    assert named(text, "phone") == []


def test_offsets_are_those_of_what_was_written() -> None:
    text = "喂,我在宮渡欠我13萬,電話13888812345 在騰沖電子廠"

    assert all(text[span.start : span.end] == span.text for span in find_all(text))
    assert said(text, "place") == ["騰沖"]
    assert said(text, "employer") == ["電子廠"]
