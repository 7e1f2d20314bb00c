"""What kind of thing a question wants to know, and whether an entry says such a thing."""

import re

from bot.knowledge.documents import Document
from bot.knowledge.tokens import normalise

_NUMBER = r"[\d零一二两三四五六七八九十百千万半]+"
WANTED = {
    "amount": re.compile(
        r"多少|好多(?!人)|几(百|千|万|块|元|毛|成|倍|个点|折|级|样)|百分之几|比例|标准|多大|利息|最高|最低"
    ),
    "when": re.compile(
        r"几(号|月|天|年|点|岁|个月)|哪(天|年|月)|(什么|啥|哪个)时(候|间)|多久|多长|好久|期限|截止|过期|时效"
    ),
    "where": re.compile(
        r"哪(里|点|儿|块)|在哪|地址|几楼|(什么|啥)地方|何处|哪个(窗口|部门|单位|局)"
    ),
    "how": re.compile(r"怎|咋|如何|流程|手续|程序|步骤"),
    "papers": re.compile(r"材料|证件|证明|单子|哪样证|带(些|哪|什么|啥)"),
    "whether": re.compile(
        r"吗|[么嘛][?？]?$|(.)[不没]\1|给(可以|能|要|算|是|会|得|有)|是否|合法|犯法|违法|算.{0,6}不$|能.{0,8}不$"
    ),
    "who": re.compile(r"谁|哪(个|家)(?!时)|归.{1,4}管"),
    "phone": re.compile(r"电话|号码|热线|打哪"),
    "now": re.compile(r"今年|现在|最新|目前|20\d\d年|明年|新(规|政策)"),
}
_SAYS = {
    "amount": re.compile(_NUMBER + r"(元|块|万|倍|%|％|个月|成|分之)|百分之"),
    "when": re.compile(_NUMBER + r"(日|天|年|个月|月|岁|小时|周)"),
    "where": re.compile(r"(局|所|中心|院|委员会|居委会|村委会|部门|窗口|机构|民政|人社|派出)"),
    "phone": re.compile(r"\d{5,}|110|120|119"),
}
_DETAILS = ("amount", "when", "where", "phone", "papers", "now")


def fit_of(question: str, document: Document) -> list[float]:
    """
    Return how well what is wanted agrees with an entry.

    Kinds both ask for, kinds only the question asks for, details wanted that the answer
    does not hold, details wanted.
    """
    wanted = kinds(question)
    asked = frozenset[str]().union(*(kinds(text) for text in document.phrasings))
    details = wanted.intersection(_DETAILS)
    return [
        float(len(wanted & asked)),
        float(len(wanted - asked)),
        float(len(unsaid(question, document))),
        float(len(details - asked)),
        float("now" in wanted),
    ]


def unsaid(question: str, document: Document) -> list[str]:
    """Return the details (an amount, a day, a place, a number to call) the answer leaves out."""
    answer = "".join(normalise(document.hit.answer).split())
    return sorted(
        kind for kind in kinds(question) & _SAYS.keys() if not _SAYS[kind].search(answer)
    )


def kinds(text: str) -> frozenset[str]:
    """Return the kinds of thing a text asks for."""
    plain = normalise(text)
    return frozenset(kind for kind, words in WANTED.items() if words.search(plain))
