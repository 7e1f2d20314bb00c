"""What residents name, in their own words."""

import pytest

from nlu.entities.finder import find_all


def named(text: str, entity: str) -> list[object]:
    return [span.value for span in find_all(text) if span.entity == entity]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("我们在官渡一个楼盘贴瓷砖", ["官渡"]),
        ("呈贡马金铺的", ["呈贡马金铺"]),
        ("昭通镇雄塘房镇的老乡", ["昭通镇雄塘房镇"]),
        ("我是红河的她是临沧的", ["红河", "临沧"]),
        ("住在五华区桥洞底下", ["五华区"]),
        ("寻甸回族彝族自治县的低保", ["寻甸回族彝族自治县"]),
        ("普洱茶放十年", []),
        ("他在村里没得威信", []),
        ("合作医疗交在老家威信", ["威信"]),
        ("整天不得安宁", []),
        ("昆明打工", ["昆明"]),
        ("騰沖那邊", ["腾冲"]),
    ],
)
def test_places_are_joined_with_what_follows(text: str, places: list[str]) -> None:
    assert named(text, "place") == places


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
        ("我家十亩秧田", []),
        ("三百多人", []),
        ("批两块地", []),
        ("2023年的事", []),
        ("爷爷走了十一年了", []),
        ("千万不要讲", []),
    ],
)
def test_sums_are_read_in_yuan(text: str, yuan: list[float]) -> None:
    assert named(text, "amount") == yuan


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("老倌七十二了", [72]),
        ("我女儿13岁", [13]),
        ("我公公今年八十五", [85]),
        ("娃娃四岁", [4]),
        ("我八十一了", [81]),
        ("今年三月份", []),
        ("我三十个工友", []),
    ],
)
def test_ages_follow_a_person_or_stand_in_years(text: str, ages: list[int]) -> None:
    assert named(text, "age") == ages


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("一家四口从山上下来", [4]),
        ("我们七个人", [7]),
        ("家里五口人", [5]),
        ("我们两口子", []),
        ("几十个人睡地铺", []),
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
        ("住在3号楼", []),
        ("天天心头堵", []),
    ],
)
def test_dates_keep_the_words_that_were_said(text: str, dates: list[str]) -> None:
    assert named(text, "date") == dates


def test_a_phone_is_found_in_any_spelling() -> None:
    texts = ["打13888812345给我", "138-8881-2345", "座机0871-63512345", "幺三八八八八幺二三四五"]

    assert [named(text, "phone") for text in texts] == [
        ["13888812345"],
        ["13888812345"],
        ["087163512345"],
        ["13888812345"],
    ]


def test_an_identity_number_is_no_phone() -> None:
    text = "身份证53010219900307123x 电话不给"

    assert named(text, "id_number") == ["53010219900307123X"]
    assert named(text, "phone") == []


def test_offsets_are_those_of_what_was_written() -> None:
    text = "喂,我在宮渡欠我13萬,電話13888812345"

    assert all(text[span.start : span.end] == span.text for span in find_all(text))
    assert named(text, "phone") == ["13888812345"]
