"""Questions about the rules of another province, which no rule of a place in Yunnan answers."""

import re

from bot.people.areas import place_meant

OUTSIDE = "990000"
"""The code of nowhere in Yunnan: only what holds in the whole country holds there."""
_PROVINCES = (
    "北京|天津|河北|山西|内蒙古|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北"
    "|湖南|广东|广西|海南|重庆|四川|贵州|西藏|陕西|甘肃|青海|宁夏|新疆|台湾|香港|澳门"
)
# Not where somebody works or comes from, nor 北京路: the place whose rule is asked for.
_ASKED = re.compile(
    rf"(?<![在到来去从自是和与离往])(?:{_PROVINCES})(?:省|市|自治区)?(?:那边|那里)?"
    "(?!打工|上班|做工|干活|回来|回云南|老板|公司|厂|工地|交|人|路|街|医院|小区|话|菜|户口|老家)"
)


def area_meant(text: str, home: str) -> str:
    """
    Return the code of the place whose rules *text* asks for, as `place_meant` does.

    OUTSIDE where it asks for another province's, whatever the writer's home.
    """
    if not place_meant(text, "") and _ASKED.search(text):
        return OUTSIDE
    return place_meant(text, home)
