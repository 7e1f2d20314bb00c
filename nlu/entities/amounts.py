"""Sums of money, in yuan."""

import re
from collections.abc import Iterator

from nlu.entities.numerals import HUNDREDS_UP, NUMERAL, number
from nlu.entities.span import Span

_CANDIDATE = re.compile(rf"(?<![\d第.点]){NUMERAL}")
_SIGN_BEFORE = re.compile("[¥￥]$")
# 一块地, 一块走: a piece, together; not money.
_PIECE = "地|田|土|石|木|肉|儿|走|去|克|来|玩|住|干|砖|板|玻|瓷|布|瓦|招牌|牌|表|宅|菜|林|山|坟"
_UNIT = re.compile(
    r"(?:多|来|几)?(?:元钱?|圆|人民币|万元|千元|rmb|RMB"
    rf"|块钱|(?<![一两几])块(?!{_PIECE})|(?<=一)块(?=[一二三四五六七八九]))"
)
_JIAO = re.compile(
    r"[一二三四五六七八九1-9](?![个万千百十天年月\d二三四五六七八九]|一(?![斤亩公吨平瓶天个]))"
)
_MEASURES = (
    "亩斤人户年天棵只头平米次步名位岁台件套方吨度号字张条份袋包桶箱桌家村里点月日片瓶粒颗根双株辆间房室栋幢路"
    "层楼级班线期强股座口里群窝排车趟场座伙环页集"
)
_COUNTED = re.compile(
    rf"(?:多|来|几|把|余)?(?:个|[{_MEASURES}]|公|小时|火急|种|分(?!钱)|姓|单元|立方|农民|工[友人]|老乡|群众)"
)
# 八百一亩, 三千一个月, 2600一个月: the 一 belongs to the measure.
_RATE = re.compile(
    r"个?月|亩|天|年|斤|公斤|平|吨|棵|头|次|人|晚|小时|个?学期|方|车|户|瓶|套|件|桶|袋"
)
_EACH = re.compile(r"(?:一|/)(?:个?月|亩|天|年|斤|公斤|平米?|吨|晚|小时|学期)")
_CUE = re.compile(
    r"(?:[欠差赔罚租礼押借贷价收交要补退拿付花扣款费钱金结资苦剩薪给骗垫还卖买发涨降到]|[一每]天|个月)"
    r"(?:[^,。\s\d打拨]{0,3})$"
)
_DIALLED = re.compile(r"(?:打|拨|热线|电话|号码?|拨通|车牌)[^,。\s\d]{0,3}$")
_VAGUE = re.compile(
    r"(?<![一二两三四五六七八九十几\d])(?:(?P<one>[百千万])把块?钱?|上(?P<up>[百千万])(?:块钱?|元))"
    r"|(?<![第十])(?P<none>几[十百千万]{1,2}(?:块钱?|元)|好几[百千万]块?钱?|十几万块?钱?"
    r"|[一二三四五六七八九两][二三四五六七八九][百千万](?:块钱?|元)?(?![个亩斤人户年天棵只头平米岁名斤]))"
)
# 一天八十: a wage needs no unit.
_WAGE = re.compile(r"(?:[一每]天|[一每]斤|[一每]小时|一个?平方)(?:才|就|给|是|只有|开|算)?$")
_ENDS = re.compile(r"(?:[,。\s]|$|包吃|管)")
_ABOUT = re.compile(r"多(?!个|少)|来(?=块)")
_MORE = re.compile("[多来]([万亿])(?:多|元|块钱?)?")
# 六百一起去: this 一 begins the next word.
_ONE_MORE = re.compile("[起直样些定般共半下点边路并切家群批帮旦律度时再向]")
_PLAYS = re.compile("播放|粉丝|观看|点赞|次|公里")
_ONE_AT_END = re.compile("[百千万亿二三四五六七八九]一$")
_VAGUE_SUMS = {"百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
# Sums that are telephone numbers: 110, 12345, 10086.
_HOTLINE = re.compile(r"1(?:1\d|2\d|2\d{3}|00\d\d)")
_RAISED = re.compile("[涨加降升扣]")
_FEWEST_DIGITS, _MOST_DIGITS = 3, 6
_LOOK_BACK = 8


def find_amounts(flat: str, text: str) -> Iterator[Span]:
    """Yield each sum of *flat*: with a unit, of a hundred up, or after a word for money."""
    for found in _VAGUE.finditer(flat):
        start, end = found.span()
        about = _VAGUE_SUMS.get(found["one"] or found["up"] or "")
        yield Span("amount", about or found.group(), text[start:end], start, end)
    for found in _CANDIDATE.finditer(flat):
        start, stop = found.span()
        if _ONE_AT_END.search(found.group()) and _ONE_MORE.match(flat, stop):
            stop -= 1
        more = _MORE.match(flat, stop)
        end = _after_more(flat, more) if more else _end(flat, start, stop)
        value = number(_numeral(flat, start, stop))
        if end and value:
            value *= _VAGUE_SUMS[more[1]] if more else 1
            value += 0 if more else _jiao(flat[stop:end])
            value = int(value) if value == int(value) else value
            yield Span("amount", value, text[start:end], start, end)


def _after_more(flat: str, more: re.Match[str]) -> int | None:
    """Return where 二十多万 ends, None where it counts something."""
    return None if _counts(flat, more.end()) else more.end()


def _counts(flat: str, stop: int) -> bool:
    return bool(_COUNTED.match(flat, stop) or _PLAYS.match(flat, stop))


def _end(flat: str, start: int, stop: int) -> int | None:
    """Return where the sum that starts here ends, None if it is no sum."""
    if len(_numeral(flat, start, stop)) < stop - start:
        return _RATE.match(flat, stop).end()  # type: ignore[union-attr]  (_numeral saw it)
    if unit := _UNIT.match(flat, stop):
        return _after_unit(flat, unit)
    before = flat[max(0, start - _LOOK_BACK) : start]
    if _SIGN_BEFORE.search(before):
        return stop
    if _counts(flat, stop) or _DIALLED.search(before):
        return None
    return _after_bare(flat, start, stop, before)


def _after_unit(flat: str, unit: re.Match[str]) -> int:
    """Take in what one of them costs (八十块一斤) and the tenths (三块五)."""
    tenths = _JIAO.match(flat, unit.end()) if unit.group() == "块" else None
    if tenths and _EACH.match(flat, tenths.start()):
        tenths = None
    price = tenths or unit
    return (_EACH.match(flat, price.end()) or price).end()


def _after_bare(flat: str, start: int, stop: int, before: str) -> int | None:
    numeral = flat[start:stop]
    if each := _EACH.match(flat, stop):
        return each.end()
    if _WAGE.search(before) and _ENDS.match(flat, stop):
        return stop
    large = any(sign in HUNDREDS_UP for sign in numeral)
    if large or _is_about_money(before, numeral, flat[stop : stop + 1]):
        about = _ABOUT.match(flat, stop)
        return about.end() if about else stop
    return None


def _numeral(flat: str, start: int, stop: int) -> str:
    surface = flat[start:stop]
    return surface[:-1] if _ONE_AT_END.search(surface) and _RATE.match(flat, stop) else surface


def _jiao(unit: str) -> float:
    """Return what 五 adds in 三块五."""
    tenth = number(unit[1:2]) if _JIAO.match(unit[1:2]) and not _EACH.match(unit[1:]) else None
    return (tenth or 0) / 10


def _is_about_money(before: str, numeral: str, after: str) -> bool:
    digits = numeral.isdigit() and _FEWEST_DIGITS <= len(numeral) <= _MOST_DIGITS
    if not digits or _HOTLINE.fullmatch(numeral):
        return False
    return bool(_CUE.search(before) or _RAISED.match(after))
