"""How many people a message speaks of, and how old somebody is."""

import re
from collections.abc import Iterator

from nlu.entities.numerals import SPOKEN, whole
from nlu.entities.span import Span

_N = rf"(\d{{1,3}}|{SPOKEN})"
_MANY = "(?:多|来)?"
_WORKERS = (
    "个?(?:工友|工人|老乡|农民工|民工)|个(?:弟兄|兄弟|姐妹)|[个名位]人"
    "|[名位](?:员工|群众|同事|工人|工友|民工)|人"
)
_NO_CROWD = "(?!次|均|力|民币|家|间|份|一|物|行|工费)"
_HOUSEHOLD = re.compile(
    rf"(?:一家|全家|家里|家头)?(?:老小|大小)?(?<![小老出入门路])(?P<said>{_N}口(?:之家|人)?)(?!子|气|井|水|锅|钱|价|缸|袋|棺)"
)
_GROUP = re.compile(
    rf"(?:我们|咱们|俺们|一共|总共|一起|班组|伙|全家|一家)[^,。\s\d几]{{0,4}}?(?P<said>{_N}{_MANY}(?:{_WORKERS}){_NO_CROWD})"
)
_US = re.compile(
    rf"(?:我们|咱们|俺们)(?P<said>{_N}个)(?=[在都去来被着给干做一住是也人]|[,。\s]|$)"
)
_CROWD = re.compile(rf"(?<![百千万第几每])(?P<said>{_N}{_MANY}(?:{_WORKERS}){_NO_CROWD})")
_SMALLEST_CROWD = 5
_NAMED = re.compile(
    rf"(?<![百千万第几每这那哪上下])(?P<said>{_N}{_MANY}个(?:人(?![头均次家])|(?:老|女)工|工友|工人|老乡|农民工|民工|弟兄|兄弟|姐妹|徒弟"
    "|老人|病人|学生|同学|同事|村民))"
)
_SIBLINGS = re.compile(rf"(?<![百千万第几每])(?P<said>{_N}(?:姊妹|兄弟|弟兄|兄妹|姐妹|姐弟))")

_ELDER = (
    "老两口|两口子|爹|妈|娘|父亲|母亲|爸|爷爷|奶奶|外公|外婆|老奶|老倌|老人家?|老汉|老伴|公公|婆婆|大爹|大妈|叔|孃"
    "|阿奶|阿爷|老者|老头|老太|今年|年纪|年龄|岁数|虚岁|刚满|年满|年过|上了|满|快"
)
_YOUNG = (
    "儿子|女儿|姑娘|娃|娃娃|娃儿|孙子|孙女|弟弟|妹妹|闺女|孩子|小孩|哥|姐|媳妇|老婆|老公|丈夫|爱人"
    "|侄儿|侄女|大的|小的|老大|老二"
)
_ADVERB = "(?:都|也|已经|快|有|就|才|刚|要|今年|虚岁|刚满|满)*"
# A number that counts something else is no age.
_COUNTS_ELSE = (
    r"(?![个月号日天年块元万千百斤亩点分次口多来几层楼栋度周米级班倍人名位样%.\d"
    "一二三四五六七八九十零])"
)
_YEARS = re.compile(rf"(?<![\d第几])(?P<said>{_N}{_MANY}周?岁)(?P<half>半)?")
_AFTER_PERSON = re.compile(rf"(?:{_ELDER}){_ADVERB}(?P<said>{_N}{_MANY}){_COUNTS_ELSE}")
_AFTER_CHILD = re.compile(
    rf"(?:{_YOUNG}){_ADVERB}(?P<said>{_N}{_MANY}){_COUNTS_ELSE}(?=[了咯啰喽还就在,。\s]|$)"
    # 十一 is also the national holiday.
    rf"|(?:女儿|儿子|孙子|孙女|姑娘|娃娃|弟弟|妹妹){_ADVERB}(?P<young>(?!十一){_N}){_COUNTS_ELSE}"
)
_I_AM = re.compile(
    rf"(?:我|他|她)(?:(?:都|也|已经|快|今年|有|要)*(?P<said>{_N}{_MANY}){_COUNTS_ELSE}[了咯啰喽]"
    rf"|才(?P<young>{_N}){_COUNTS_ELSE})"
)
_YOUNGEST_ELDER, _OLDEST = 10, 120


def find_people_counts(flat: str, text: str) -> Iterator[Span]:
    """Yield each number of people: a household, a group, siblings, or five and more of any."""
    for pattern, least in (
        (_HOUSEHOLD, 2),
        (_GROUP, 2),
        (_US, 2),
        (_NAMED, 2),
        (_SIBLINGS, 2),
        (_CROWD, _SMALLEST_CROWD),
    ):
        for found in pattern.finditer(flat):
            count = whole(found[2])
            if count and count >= least:
                yield _span("people_count", count, text, *found.span("said"))


def find_ages(flat: str, text: str) -> Iterator[Span]:
    """Yield each age: in 岁, or a bare number right after a person."""
    for found in _YEARS.finditer(flat):
        age = whole(found[2])
        if age is not None and age <= _OLDEST:
            yield _span("age", age, text, *found.span("said"))
    for pattern in (_AFTER_PERSON, _AFTER_CHILD, _I_AM):
        for found in pattern.finditer(flat):
            group = "said" if found["said"] else "young"
            age = whole(re.sub("[多来]", "", found[group]))
            if age is not None and _YOUNGEST_ELDER <= age <= _OLDEST:
                yield _span("age", age, text, *found.span(group))


def _span(entity: str, value: int, text: str, start: int, end: int) -> Span:
    return Span(entity, value, text[start:end], start, end)
