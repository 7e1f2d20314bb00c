"""Sums of money, in yuan."""

import re
from collections.abc import Iterator

from nlu.entities.numerals import NUMERAL, number
from nlu.entities.span import Span

_CANDIDATE = re.compile(rf"(?<![\d第.]){NUMERAL}")
# 一块地, 一块走: a piece, together; not money.
_UNIT = re.compile(
    r"(?:多|来|几)?(?:元钱?|圆|人民币|万元|千元"
    r"|块钱|(?<![一两])块(?!地|田|土|石|木|肉|儿|走|去|克|来|玩|住|干|砖|板|玻|瓷|布))"
)
_COUNTED = re.compile(
    r"(?:多|来|几|把)?(?:个|[亩斤人户年天棵只头平米次步名位岁台件套方吨度号字张条份袋包桶箱桌家村里点月日片瓶粒颗根双]"
    r"|公|小时|火急|种|分之|姓|分钟)"
)
# 八百一亩, 三千一个月: the 一 belongs to the measure.
_RATE = re.compile(r"个?月|亩|天|年|斤|公斤|平|吨|棵|头|次|人|晚|小时")
_CUE = re.compile(
    r"(?:[欠差赔罚租礼押借贷价收交要补退拿付花扣款费钱金结资苦剩薪]|[一每]天|个月)[^,。\s\d]{0,3}$"
)
_VAGUE = re.compile(r"(?<![一二两三四五六七八九十几])([百千万])把块钱?")
_HUNDREDS = re.compile("[百千万wW]")
_ABOUT = re.compile(r"多?")
_VAGUE_SUMS = {"百": 100, "千": 1_000, "万": 10_000}
_FEWEST_DIGITS, _MOST_DIGITS = 3, 6


def find_amounts(flat: str, text: str) -> Iterator[Span]:
    """Yield each sum of *flat*: with a unit, of a hundred up, or after a word for money."""
    for found in _CANDIDATE.finditer(flat):
        end = _end(flat, found.start(), found.end())
        value = number(_numeral(flat, found.start(), found.end()))
        if end and value:
            value = int(value) if value == int(value) else value
            yield Span("amount", value, text[found.start() : end], found.start(), end)
    for found in _VAGUE.finditer(flat):
        start, end = found.span()
        yield Span("amount", _VAGUE_SUMS[found[1]], text[start:end], start, end)


def _end(flat: str, start: int, stop: int) -> int | None:
    """Return where the sum that starts here ends, None if it is no sum."""
    numeral = _numeral(flat, start, stop)
    if start + len(numeral) < stop:
        rate = _RATE.match(flat, stop)
        return rate.end() if rate else None
    if unit := _UNIT.match(flat, stop):
        return unit.end()
    if _COUNTED.match(flat, stop):
        return None
    if _HUNDREDS.search(numeral) or _follows_cue(flat, start, numeral):
        about = _ABOUT.match(flat, stop)
        return about.end() if about else stop
    return None


def _numeral(flat: str, start: int, stop: int) -> str:
    surface = flat[start:stop]
    rated = _HUNDREDS.search(surface) and surface.endswith("一") and _RATE.match(flat, stop)
    return surface[:-1] if rated else surface


def _follows_cue(flat: str, start: int, numeral: str) -> bool:
    digits = numeral.isdigit() and _FEWEST_DIGITS <= len(numeral) <= _MOST_DIGITS
    return digits and _CUE.search(flat[:start]) is not None
