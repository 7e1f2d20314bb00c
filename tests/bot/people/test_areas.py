"""The places of Yunnan."""

from collections import Counter

import pytest

from bot.people.areas import (
    area_in_scene,
    area_name,
    find_area,
    full_name,
    home_stated,
    load_areas,
    only_place,
    only_says_home,
    place_meant,
    short_name,
    within,
)

COUNTIES = {
    "昆明市": 14, "曲靖市": 9, "玉溪市": 9, "保山市": 5, "昭通市": 11, "丽江市": 5, "普洱市": 10,
    "临沧市": 8, "楚雄彝族自治州": 10, "红河哈尼族彝族自治州": 13, "文山壮族苗族自治州": 8,
    "西双版纳傣族自治州": 3, "大理白族自治州": 12, "德宏傣族景颇族自治州": 5,
    "怒江傈僳族自治州": 4, "迪庆藏族自治州": 3,
}  # fmt: skip


def test_every_prefecture_has_all_its_counties() -> None:
    areas = load_areas().by_code.values()

    counted = Counter(area_name(area.parent) for area in areas if not area.code.endswith("00"))

    assert counted == COUNTIES
    assert counted.total() == 129


def test_every_code_lies_in_its_parent() -> None:
    areas = load_areas().by_code.values()

    assert all(within(area.code, area.parent) for area in areas if area.parent)
    assert len({area.code for area in areas}) == 1 + 16 + 129


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("昆明", "530100"),
        ("我在官渡的工地上", "530111"),
        ("官渡区", "530111"),
        ("石林县", "530126"),
        ("昆明市西山区", "530112"),
        ("昆明安宁的厂", "530181"),
        ("祥云县", "532923"),
        ("临沧云县", "530922"),
        ("大理州", "532900"),
        ("大理市", "532901"),
        ("我老家昭通镇雄,在昆明打工", "530100"),
        ("镇雄人,在昆明市官渡区打工", "530111"),
        ("昭通那边的镇雄县", "530627"),
        ("云南省", "530000"),
        ("西双版纳", "532800"),
        ("香格里拉", "533401"),
        ("昆明官渡区", "530111"),
        ("大理州祥云县", "532923"),
        ("昆明石林彝族自治县", "530126"),
    ],
)
def test_finds_the_place_that_matters(text: str, code: str) -> None:
    assert find_area(text) == code


@pytest.mark.parametrize("text", ["", "老板不给工钱", "心里不得安宁", "卖大理石的", "没多大关系"])
def test_finds_no_place_where_none_is_named(text: str) -> None:
    assert find_area(text) == ""


def test_a_county_is_within_its_prefecture_and_itself() -> None:
    assert within("530111", "530100")
    assert within("530111", "530111")
    assert within("530111", "530000")
    assert not within("530100", "530111")
    assert not within("530111", "530300")
    assert not within("530111", "")


def test_the_full_name_tells_the_prefecture_too() -> None:
    assert full_name("530111") == "昆明市官渡区"
    assert full_name("530100") == "昆明市"
    assert full_name("000000") == ""


def test_the_short_name_is_what_people_say() -> None:
    assert short_name("532501") == "红河个旧"
    assert short_name("530112") == "昆明西山区"
    assert short_name("532500") == "红河"
    assert short_name("000000") == ""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("我在官渡打工", "530111"),
        ("我们一家住在昆明市西山区", "530112"),
        ("我刚搬到曲靖了", "530300"),
        ("搬到罗平县了", "530324"),
        ("我老家昭通,现在在昆明", ""),
        ("我家在镇雄", "530627"),
        ("我在昆明火车站被骗了", ""),
        ("我在曲靖的时候老板没给钱", ""),
        ("昆明的低保多少", ""),
        ("我是昭通人", ""),
    ],
)
def test_a_home_is_where_somebody_says_they_live(text: str, code: str) -> None:
    assert home_stated(text) == code


@pytest.mark.parametrize(
    "text", ["我搬到曲靖了", "搬来官渡了。", "我住在昆明 ", "我在官渡打工", "我搬到昆明官渡区了"]
)
def test_nothing_but_a_home(text: str) -> None:
    assert only_says_home(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("曲靖会泽的", "530326"),
        ("昆明的", "530100"),
        ("我是大理州祥云县的", "532923"),
        ("我们这边是丽江", "530700"),
        ("官渡", "530111"),
        ("昆明的低保", ""),
        ("从官渡搬到昆明", ""),
        ("会泽的老板不给钱", ""),
    ],
)
def test_nothing_but_a_place(text: str, code: str) -> None:
    assert only_place(text) == code


@pytest.mark.parametrize(
    "text", ["我在官渡，老板不给钱", "官渡", "我在昆明办证", "从官渡搬到昆明"]
)
def test_more_than_a_home(text: str) -> None:
    assert not only_says_home(text)


@pytest.mark.parametrize(
    ("text", "home", "code"),
    [
        ("低保多少", "530111", "530111"),
        ("昆明低保多少", "530111", "530111"),
        ("曲靖低保多少", "530111", "530300"),
        ("我是昭通人，低保多少", "", ""),
        ("昭通镇雄的低保多少", "", "530627"),
        ("曲靖的医保在昆明能报吗", "", ""),
        ("曲靖的医保在昆明能报吗", "530111", "530111"),
        ("我在官渡，曲靖的医保能报吗", "", "530111"),
    ],
)
def test_the_rules_of_the_place_that_is_meant(text: str, home: str, code: str) -> None:
    assert place_meant(text, home) == code


@pytest.mark.parametrize(
    ("scene", "code"),
    [("530111", "530111"), ("shequ-530111-7", "530111"), ("village-7", ""), ("15301112", ""),
     ("539999", "")],
)  # fmt: skip
def test_a_scene_may_hold_a_code(scene: str, code: str) -> None:
    assert area_in_scene(scene) == code


@pytest.mark.parametrize(
    ("code", "ancestor", "inside"),
    [
        ("530111001203", "530111001", "inside"),
        ("530111001203", "530111", "inside"),
        ("530111001203", "530100", "inside"),
        ("530111001203", "530000", "inside"),
        ("530111001203", "530111002", "outside"),
        ("530111001200", "530111001", "inside"),
        ("530111001203", "530111001200", "outside"),
        ("530111101", "530111100", "outside"),
        ("530111100", "530111100000", "inside"),
        ("530111", "530111001", "outside"),
    ],
)
def test_townships_and_villages_lie_in_what_their_code_says(
    code: str, ancestor: str, inside: str
) -> None:
    assert within(code, ancestor) == (inside == "inside")


def test_a_village_is_called_by_its_county_where_no_list_is_at_hand() -> None:
    assert area_name("530111001203") == "官渡区"
    assert full_name("530111001203") == "昆明市官渡区"
    assert area_name("539999001203") == ""


def test_yunnan_has_16_prefectures_and_129_counties() -> None:
    codes = list(load_areas().by_code)
    prefectures = [code for code in codes if code.endswith("00") and code != "530000"]
    counties = [code for code in codes if not code.endswith("00")]

    assert len(prefectures) == 16
    assert len(counties) == 129
    assert len({area_name(code) for code in counties}) == 129
