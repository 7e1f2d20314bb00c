"""Places: the right one, joined with what lies in it, and nothing that only sounds like one."""

import pytest

from nlu.entities.finder import find_all


def places(text: str) -> list[tuple[str, object]]:
    return [(span.text, span.value) for span in find_all(text) if span.entity == "place"]


@pytest.mark.parametrize(
    ("text", "said", "official"),
    [
        ("我们在官渡一个楼盘贴瓷砖", "官渡", "昆明市官渡区"),
        ("呈贡马金铺的", "呈贡马金铺", "昆明市呈贡区马金铺街道"),
        ("昭通镇雄塘房镇的老乡", "昭通镇雄塘房镇", "昭通市镇雄县塘房镇"),
        ("镇雄塘房的", "镇雄塘房", "昭通市镇雄县塘房镇"),
        ("住在五华区桥洞底下", "五华区", "昆明市五华区"),
        ("寻甸回族彝族自治县的低保", "寻甸回族彝族自治县", "昆明市寻甸回族彝族自治县"),
        ("澄江县的", "澄江县", "玉溪市澄江市"),
        ("合作医疗交在老家威信", "威信", "昭通市威信县"),
        ("富民那边", "富民", "昆明市富民县"),
        ("矣六街道租房", "矣六街道", "昆明市官渡区矣六街道"),
        ("在大板桥的鞋厂", "大板桥", "昆明市官渡区大板桥街道"),
        ("官渡区矣六街道五腊村", "官渡区矣六街道五腊村", "昆明市官渡区矣六街道"),
        ("大理市的仲裁", "大理市", "大理白族自治州"),
        ("騰沖那邊", "騰沖", "保山市腾冲市"),
        ("在四川读书", "四川", "四川"),
    ],
)
def test_a_place_has_its_official_name(text: str, said: str, official: str) -> None:
    assert places(text) == [(said, official)]


def test_a_name_that_several_counties_have_stays_what_was_written() -> None:
    assert places("新街镇的") == [("新街镇", "新街镇")]
    assert places("元阳新街镇的") == [("元阳新街镇", "红河哈尼族彝族自治州元阳县新街镇")]


def test_places_that_do_not_lie_in_each_other_stay_apart() -> None:
    assert [said for said, _ in places("我是红河的她是临沧的")] == ["红河", "临沧"]
    assert [said for said, _ in places("从福贡搬到泸水")] == ["福贡", "泸水"]


@pytest.mark.parametrize(
    "text",
    [
        "普洱茶放十年",
        "他在村里没得威信",
        "整天不得安宁",
        "把门关上",
        "那个旧手机坏了",
        "现金平台交不进",
        "立马关门走人",
        "便宜良心店",
        "新建水库占地",
        "提成都不退",
        "有很大理由",
        "离开远一点",
        "乡下老家 老乡 同乡",
        "六甲孕妇",
    ],
)
def test_what_only_sounds_like_a_place_is_none(text: str) -> None:
    assert places(text) == []
