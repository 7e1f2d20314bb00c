"""Days and months, as they were said; what they mean depends on the day of writing."""

import re
from collections.abc import Iterator

from nlu.entities.span import Span

_N = r"(?:\d{1,3}|[一二两三四五六七八九十半几]+)"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]|正|腊|冬)月"
_DAY = r"(?:[12]\d|3[01]|0?[1-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号]"
_DATE = re.compile(
    "|".join(
        (
            rf"{_N}多?个?(?:年|月|天|周|星期|礼拜|小时)(?:以?前|之前|以后|过后|后)",
            r"(?:\d{4}|[二一][零〇九][零〇一二三四五六七八九]{2})年(?:"
            + _MONTH
            + f"(?:{_DAY})?)?",
            rf"(?:大前|前|去|明|后)年(?:{_MONTH}份?(?:{_DAY})?|年?[初底])?",
            rf"(?:今年)(?:{_MONTH}份?(?:{_DAY})?|年?[初底])",
            r"(?:上+|下+)个?(?:周|星期|礼拜)(?:[一二三四五六日天末])?",
            rf"(?:上+|下+)个?月(?:{_DAY}|底|初)?",
            r"(?:周|星期|礼拜)[一二三四五六日天](?!夜|周)",
            rf"(?<![\d个一二两三四五六七八九十几半]){_MONTH}(?:份?{_DAY}|份|[初底])",
            rf"(?<![\d第一二三四五六七八九十幢栋]){_DAY}(?!楼|线|院|房|桌|机|门|店|车|码|地块|工地|人)",
            r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}",
            r"大?[前后昨今明][天晚早夜](?!子)",
            "昨日|今日|明日|刚刚|刚才|月底|月初|年底|年初|春节|中秋|国庆",
        )
    )
)


def find_dates(flat: str, text: str) -> Iterator[Span]:
    """Yield each date of *flat* with its surface as value."""
    for found in _DATE.finditer(flat):
        yield Span("date", found.group(), text[found.start() : found.end()], *found.span())
