"""Land, animals, goods and sizes, as they were counted; never money, people, dates or ages."""

import re
from collections.abc import Iterator

from nlu.entities.numerals import NUMERAL
from nlu.entities.span import Span

_ANIMAL = (
    "(?:大|小|老|母|公|黄|水|黑|肥|奶|土)?(?:牛|羊|猪|马|驴|鸡|鸭|鹅|狗|鱼|骡子?)(?![肉奶场圈])"
)
_MEASURE = (
    "亩(?:[半多]|[一二三四五六七八九]分)?|公顷|分(?:地|田)|公斤|市?斤|吨|平方米?|个平方|平米"
    "|平(?![台时常均等安方整])|立方米?|方(?=[土石水木沙砂料混])|公里|里路|米(?![线饭粉面])|[棵株筐袋箱桶捆瓶垛辆艘]"
    rf"|车(?!人|间)|间(?!隔)|[幢栋](?=[房楼厂])|套(?!路)|台(?![阶风湾])|塘(?:鱼)?|[头匹]{_ANIMAL}|只{_ANIMAL}"
    r"|(?P<bare>[头匹]|只(?![眼手脚耳鞋腿是要有能会好得]))"
)
_QUANTITY = re.compile(
    rf"(?<![\d第一二三四五六七八九十百千万几多每零.块元])(?P<count>{NUMERAL}|几[十百千万]|十几)(?P<about>多|来)?"
    rf"(?:{_MEASURE})"
)
# 四十五一平 is a price.
_PRICE = re.compile("[二三四五六七八九百千万]一$")
_A_FIELD = re.compile("地|田|茶|果|多|半|[一二三四五六七八九]分")


def find_quantities(flat: str, text: str) -> Iterator[Span]:
    """Yield each quantity of *flat* with what was said as value."""
    for found in _QUANTITY.finditer(flat):
        start, end = found.span()
        if _counts_something(flat, found):
            yield Span("quantity", found.group(), text[start:end], start, end)


def _counts_something(flat: str, found: re.Match[str]) -> bool:
    """Leave out prices, 两头 as both ends, and 一台, 一斤 as "a" and "each"."""
    count, measure = found["count"], found.group()[len(found["count"]) :]
    if _PRICE.search(count) or (found["bare"] and count in {"一", "两", "1"}):
        return False
    if count not in {"一", "1"}:
        return True
    field = measure[0] == "亩" and _A_FIELD.match(
        measure[1:] + flat[found.end() : found.end() + 1]
    )
    return bool(field) or measure[0] in "头匹"
