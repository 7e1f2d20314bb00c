"""How many people a message speaks of, and how old somebody is."""

import re
from collections.abc import Iterator

from nlu.entities.numerals import SPOKEN, whole
from nlu.entities.span import Span

_N = rf"(\d{{1,3}}|{SPOKEN})"
_WORKERS = "个?(?:工友|工人|老乡|农民工|民工)|个人|人"
_HOUSEHOLD = re.compile(
    rf"(?:一家|全家|家里|家头)?(?:老小|大小)?(?<!小){_N}口(?:之家|人)?(?!子|气|井|水|锅|钱)"
)
_GROUP = re.compile(
    rf"(?:我们|咱们|一共|总共|一起|班组|伙)[^,。\s\d]{{0,4}}?{_N}多?(?:{_WORKERS})"
)
_CROWD = re.compile(rf"(?<![百千万第几]){_N}多?(?:{_WORKERS})")
_SMALLEST_CROWD = 5

_ELDER = (
    "爹|妈|娘|父亲|母亲|爸|爷爷|奶奶|外公|外婆|老奶|老倌|老人家?|老汉|老伴|公公|婆婆|大爹|大妈|叔|孃"
    "|阿奶|阿爷|老者|老头|老太|今年|年纪|年龄|岁数|虚岁|刚满|满|快"
)
# A number that counts something else is no age.
_COUNTS_ELSE = r"(?![个月号日天年块元万千百斤亩点分次口多来几号层楼栋度%.\d十])"
_YEARS = re.compile(rf"(?<![\d第几]){_N}(?:多|来)?周?岁半?")
_AFTER_PERSON = re.compile(rf"(?:{_ELDER})(?:都|也|已经|快|有|就)?{_N}{_COUNTS_ELSE}了?")
_I_AM = re.compile(
    rf"(?:我|他|她)(?:(?:都|也|已经|快|今年|有)?{_N}{_COUNTS_ELSE}了|才{_N}{_COUNTS_ELSE})"
)
_YOUNGEST_ELDER, _OLDEST = 10, 120


def find_people_counts(flat: str, text: str) -> Iterator[Span]:
    """Yield each number of people: a household, a group of ours, or five and more."""
    for pattern, least in ((_HOUSEHOLD, 2), (_GROUP, 2), (_CROWD, _SMALLEST_CROWD)):
        for found in pattern.finditer(flat):
            count = whole(found[1])
            if count and count >= least:
                yield _span("people_count", count, text, found.start(1), found.end())


def find_ages(flat: str, text: str) -> Iterator[Span]:
    """Yield each age: in 岁, or a bare number right after a person."""
    for found in _YEARS.finditer(flat):
        age = whole(found[1])
        if age is not None and age <= _OLDEST:
            yield _span("age", age, text, found.start(1), found.end())
    for pattern in (_AFTER_PERSON, _I_AM):
        for found in pattern.finditer(flat):
            group = found.lastindex or 1
            age = whole(found[group])
            if age is not None and _YOUNGEST_ELDER <= age <= _OLDEST:
                yield _span("age", age, text, found.start(group), found.end())


def _span(entity: str, value: int, text: str, start: int, end: int) -> Span:
    return Span(entity, value, text[start:end], start, end)
