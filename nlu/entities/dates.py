"""Days, months and times, as they were said; what they mean depends on the day of writing."""

import re
from collections.abc import Iterator

from nlu.entities.span import Span

_HAN = "一二三四五六七八九十"
_N = rf"(?:\d{{1,3}}|[{_HAN}两半几]{{1,4}})"
_MONTH = rf"(?:1[0-2]|0?[1-9]|十[一二]?|[{_HAN[:9]}]|正|腊|冬|寒)月"
_DAY = rf"(?:[12]\d|3[01]|0?[1-9]|[二三]?十[{_HAN[:9]}]?|[{_HAN[:9]}])[日号]"
_LUNAR_DAY = (
    rf"(?:初[{_HAN}]|[二廿]?十[{_HAN[:9]}]?|大?三十)(?![{_HAN}多几块元岁个天万千百亩户斤])"
)
_FESTIVAL = (
    "春节|元旦|清明节?|端午节?|中秋节?|国庆节?|重阳节|火把节|泼水节|中元节|大年三十"
    "|大年初[一二三四五六七]"
)
_PARTS = "凌晨|大?清早|早上|早晨|上午|中午|下午|傍晚|晚上|夜里"
_HOUR = rf"(?:\d{{1,2}}|[{_HAN}两]{{1,3}})"
_CLOCK = rf"(?:{_PARTS})?{_HOUR}(?:点(?:钟|半|多)?|:[0-5]\d)(?:[{_HAN}\d]{{1,3}}分)?"
_TIME = rf"(?: ?(?:的)?(?:{_CLOCK}|{_PARTS}))?"
_WEEK = "(?:周|星期|礼拜)"
_NOT_A_DAY = (
    "楼|线|院|房|桌|机|门|店|车|码|地块|工地|人|桥|文件|站|厅|窗|铺|摊|厂|井|矿|库|棚|仓|路|街"
    "|通知|床|柜|病|单元|栋|地铁|电|坝|点|宿舍|卡|选手"
)
_YEAR_SAID = r"(?:今年|大前年|前年|去年|上年|旧年|明年|后年)"
_MONTH_AND_DAY = rf"{_MONTH}(?:份?{_DAY}|{_LUNAR_DAY}|份?[初底]|份)?"
_MOMENT = (
    rf"(?<!第){_N}(?:多|来)?个?多?(?:年|月|天|周|星期|礼拜|小时|钟头)多?(?:以?前|之前|以后|之后|过后|后)(?!面|头|边|方)",
    rf"(?:\d{{4}}|[二一][零〇九][零〇{_HAN[:9]}]{{2}})年(?:{_MONTH_AND_DAY}|[初底]|春节|国庆)?",
    rf"(?<!\d)[12]\d年(?:{_MONTH_AND_DAY}|[初底])",
    rf"(?<![{_HAN}百千\d])[六七八九零〇][零〇{_HAN[:9]}]年{_MONTH_AND_DAY}",
    rf"{_YEAR_SAID}(?:的?(?:{_MONTH_AND_DAY}|{_FESTIVAL}|过年)|年?[初底]|上半年|下半年)",
    r"(?:大前年|前年|去年|上年(?!年)|旧年|明年|后年)",
    rf"(?:上{{1,2}}|下{{1,2}})个?{_WEEK}(?:[一二三四五六日天末])?",
    rf"(?:[上下]{{1,2}})个?月(?!月)(?:{_DAY}|底|初)?",
    rf"[这本]个?(?:月(?:{_DAY}|底|初)|{_WEEK}(?:[一二三四五六日天末]))",
    rf"(?<![到至、每一两几二三四五六]){_WEEK}[一二三四五六日天](?!夜|{_WEEK}|到|至|、)",
    rf"(?<![\d个一二两三四五六七八九十几半每]){_MONTH}(?:份?{_DAY}|{_LUNAR_DAY}|份|[初底])",
    r"(?<![\d个一二两三四五六七八九十几半每天])(?:(?:1[0-2]|[1-9])月|[二三四五六七八九]月|正月|腊月|冬月)(?![\d月大小子亮饼租薪供嫂三])",
    rf"(?<![\d第{_HAN}幢栋.]){_DAY}(?!{_NOT_A_DAY})",
    r"(?<!\d)\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)",
    r"大[前后]天|(?<![以之从目提眼面])[前后昨今明](?:天|日|晚夕|晚黑|晚|早|夜)(?!子|饭|点)",
    r"昨个|明个|明朝|刚刚|刚才|将才|才将|月底|月初|年底|年初|年尾|年前(?!面)|过年[前后]?|开年|年后",
    rf"{_FESTIVAL}|五一(?=节|放假|[前后]|假期)|十一(?=放假|假期|长假|黄金周)",
)
_POINT = "|".join(_MOMENT)
_SHORT_END = rf"{_MONTH}(?:份?{_DAY}|份|底|初)?|{_DAY}"
_DATE = re.compile(
    rf"(?:{_POINT}){_TIME}(?:(?:一直)?(?:到|至|-|—)(?:(?:{_POINT}){_TIME}|{_SHORT_END}))?"
)
# What happens every month has no date.
_REPEATED = ("每个月", "每月", "每个月的", "每年", "每周", "逢")


def find_dates(flat: str, text: str) -> Iterator[Span]:
    """Yield each date or stretch of time of *flat* with its surface as value."""
    for found in _DATE.finditer(flat):
        if flat.endswith(_REPEATED, 0, found.start()):
            continue
        yield Span("date", found.group(), text[found.start() : found.end()], *found.span())
