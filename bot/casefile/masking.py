"""Numbers by which somebody can be found or robbed, made unreadable for paper that travels."""

import re
from functools import partial

_SPLIT = r"[ \-]?"
# Each: what it looks like, how many digits stay at its beginning and end.
_NUMBERS = (
    (re.compile(rf"(?<!\d)(?:\d{_SPLIT}){{17}}[\dXx](?!\d)"), 6, 2),  # an identity card
    (re.compile(rf"(?<!\d)(?:\d{_SPLIT}){{15,18}}\d(?!\d)"), 0, 4),  # a bank card
    (re.compile(rf"(?<!\d)1(?:{_SPLIT}\d){{10}}(?!\d)"), 3, 4),  # a mobile phone
    (re.compile(r"(?<!\d)0\d{2,3}[ \-]?\d{7,8}(?!\d)"), 4, 2),  # a landline
)
_DAY = r"(?:0[1-9]|[12]\d|3[01])"
_IDENTITY = re.compile(
    rf"(?<!\d)[1-8]\d{{5}}{_SPLIT}(?:18|19|20)\d{{2}}{_SPLIT}(?:0[1-9]|1[0-2]){_SPLIT}{_DAY}"
    rf"{_SPLIT}\d{{3}}[\dXx](?!\d)"
)
"""An identity number by its form: a place, a birthday, three digits and a check."""
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
    "普刀岩罕木和者施代保岳起自茶毕鲁字祁倪聂耿尚柳岑庞翁牛樊葛邢安齐章梅盛童左涂柯温单"
)
_NAME = rf"[{_SURNAMES}][一-鿿]{{1,2}}"
_CALLED = re.compile(
    rf"((?:我|名字?|大名|户主|爱人|老公|老婆|媳妇|儿子|姑娘|女儿|爹|妈|娃娃?|孩子|老板|房东)"
    rf"(?:是)?叫(?:做)?|姓名(?:是|[:：])?|名字(?:是|[:：])|本人){_NAME}"
)
_ALONE = re.compile(
    rf"(?:^|(?<=[，,。;；\s（(])){_NAME}(?=[，,；;：:\s]*(?:电话|手机|身份证|（号码）))"
)
_STARRED = re.compile(r"\d{3,}\*{4,}[\dXx]+|\*{4,}\d{4}")
NUMBER_LEFT_OUT, NAME_LEFT_OUT = "（号码）", "某某"
_WIDE = {ord("０") + number: str(number) for number in range(10)}


def masked(text: str) -> str:
    """Return the text with phone, identity and card numbers reduced to their ends."""
    narrow = text.translate(_WIDE)
    for pattern, first, last in _NUMBERS:
        narrow = pattern.sub(partial(_ends, first=first, last=last), narrow)
    return narrow


def anonymous(text: str) -> str:
    """
    Return the text without phone, identity and card numbers, and the names that are plain to see.

    A name that stands anywhere else is left: whoever keeps the text reads it over.
    """
    bare = _STARRED.sub(NUMBER_LEFT_OUT, masked(text))
    return _ALONE.sub(NAME_LEFT_OUT, _CALLED.sub(rf"\1{NAME_LEFT_OUT}", bare))


def identity_masked(text: str) -> str:
    """Return the text with identity numbers reduced to their ends; without one, as it is."""
    narrow = text.translate(_WIDE)
    masked_text = _IDENTITY.sub(partial(_ends, first=6, last=2), narrow)
    return text if masked_text == narrow else masked_text


def _ends(found: re.Match[str], *, first: int, last: int) -> str:
    digits = re.sub(r"[ \-]", "", found.group())
    return digits[:first] + "*" * (len(digits) - first - last) + digits[-last:]
