"""What kind of thing a question wants to know, and whether an entry says such a thing."""

import re
from functools import lru_cache

from bot.knowledge.documents import Document
from bot.knowledge.tokens import bare, normalise, normalise_kept

SHORT = 40
"""Characters of a message that may be one question and nothing else."""
CLAUSE_END = re.compile(r"[,.!?;，。！？；…\s]+")
ASKS = re.compile(
    r"怎|咋|如何|什么|啥|哪|多少|好多(?!人|年)|多[久长大]|(?<![好十百])几|吗|[么嘛不没][?？]?$|是否"
    r"|(.)[不没]\1|给(可以|能|要|算|是|会|得|有)|请问|想问"
)
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
_FEW = "(?<![好十百有那这前近头来一二三四五六七八九])几"
_MANY = rf"(?:{_FEW}|多少|好多)(?:个)?"
_NO_MONEY = "(?!个?(?:人|天|日|年|月|次|回|岁|倍|成|小时|周|点|遍|家|样|号))"
_LONG = "(?:多久|多长时间|好久(?!没|不|了)|几天|多少天|好多天|几个?工作日|几个月)"
_SPAN = _NUMBER + "个?(?:工作|自然)?(?:日|天|年|月|小时|周|星期|分钟)"
_DETAIL_FORMS = {
    "money": (
        (
            rf"{_MANY}(?:百|千|万)?(?:钱|块|元|毛)|{_FEW}(?:百|千|万)|标准是|最低工资是"
            rf"|[拿领补赔收交发罚贷报给][个得到着]?(?:{_FEW}|多少|好多){_NO_MONEY}"
        ),
        _NUMBER + "(?:元|块|万|倍|%|个月工资|成)|百分之|免费|不收|不要钱|不交|全额",
    ),
    "share": (
        "百分之几|几成|几折|几个点|比例是?(?:多少|好多|几|怎)|利[息率][是要算]?(?:多少|好多|几)",
        _NUMBER + "(?:%|成|分之|倍)|百分之|全[额部]",
    ),
    "times": (rf"{_FEW}倍|多少倍|[两二三四五六七八九十]倍还是", _NUMBER + "(?:倍|%)"),
    "turns": (rf"{_FEW}[次回趟]|多少[次回趟]", _NUMBER + "[次回趟]|每年|每月|不限"),
    "size": (
        rf"{_MANY}(?:米|公分|平|亩|公里|吨|斤)|多[宽高远]",
        _NUMBER + "(?:米|公分|平|亩|公里|吨|斤)",
    ),
    "desk": (
        "几楼|几号窗口|哪个窗口|(?:门牌|地址|位置)是?(?:在哪|多少|哪)",
        _NUMBER + "(?:楼|号窗)",
    ),
    "age": (rf"(?:{_FEW}|多少|好多|多大)周?岁|年龄.{{0,3}}(?:多少|几|限)", _NUMBER + "周?岁"),
    "date": (
        rf"(?<!打){_FEW}[号月]|哪一?[天年月]|(?:什么|啥|哪个)时[候间].{{0,3}}(?:发|开|到账|截止|出来)",
        _NUMBER + "[月日号天年]|每[月年]",
    ),
    "phone": (r"(?:哪个|什么|啥)(?:电话|号码|热线)|(?:电话|号码|热线)是?(?:多少|几)", r"\d{3,}"),
    "span": (
        rf"{_MANY}(?:天|日|年|月|小时|周|星期|工作日)|多久|多长时|好久(?!没|不|了)|期限|时效|截止",
        _SPAN + "|当[天日场]|随时|终身|长期"
        "|[次当]年|(?:没|没有|不受|无).{0,4}(?:期限|时间|限制)|不满|以上",
    ),
    # How long the office takes: within how many days one must apply is no answer to it.
    "wait": (
        (
            rf"(?:[要得等花用]|需要?)等?{_LONG}(?!.{{0,2}}(?:[内前]|申请|提|交|报|去|说|休))"
            rf"|{_LONG}(?:才|可以|能|会|就|给)*(?:[出有](?:结果|答复|消息)|下来|[办批查审做搞]"
            "|到账|拿到|答复|判|处理完|发下)"
        ),
        (
            rf"(?<!拖过){_SPAN}(?!内?[^,，。;；]{{0,14}}(?:申请|提出|提起|起诉|投诉|报|去))"
            "|当[天日场]|随时"
        ),
    ),
}
"""By kind: how a detail is asked for, and how an answer that holds it looks."""
_DETAIL = {kind: (re.compile(q), re.compile(a)) for kind, (q, a) in _DETAIL_FORMS.items()}
_UNIT = "亩|针|次|回|天|日|年|度|吨|平|斤|小时|学期|晚|桌|支|顿|餐|栋|间|头|只"
_EACH = re.compile(
    rf"一({_UNIT})(?!性)[^,.，。一几]{{0,4}}(?:多少|好多|几[块元毛百千])(?!人|次|回)"
)
"""一亩补多少钱: what one of something comes to."""
_DETAILS = ("amount", "when", "where", "phone", "papers", "now")


def fit_of(question: str, document: Document) -> list[float]:
    """
    Return how well what is wanted agrees with an entry.

    Kinds both ask for, kinds only the question asks for, details wanted that the answer
    does not hold, details wanted.
    """
    wanted = kinds(question)
    asked = frozenset[str]().union(*map(_kinds_kept, document.phrasings))
    details = wanted.intersection(_DETAILS)
    return [
        float(len(wanted & asked)),
        float(len(wanted - asked)),
        float(len(unsaid(question, document))),
        float(len(details - asked)),
        float("now" in wanted),
    ]


def unsaid(question: str, document: Document) -> list[str]:
    """Return the details (an amount, a day, how often, for one of what) the answer leaves out."""
    answer = "".join(normalise_kept(document.hit.answer).split())
    plain = what_is_asked(question)
    missing = [
        kind
        for kind, (asks, says) in _DETAIL.items()
        if asks.search(plain) and not says.search(answer)
    ]
    each = _EACH.search(plain)
    return [*missing, "each"] if each and each[1] not in answer else missing


def what_is_asked(text: str) -> str:
    """Return, of a message too long to be one question, the clauses that ask something."""
    plain = normalise(text)
    if len(bare(plain)) <= SHORT:
        return plain
    clauses = [clause for clause in CLAUSE_END.split(plain) if clause]
    return "，".join(
        clause
        for at, clause in enumerate(clauses)
        if at == len(clauses) - 1 or ASKS.search(clause)
    )


def kinds(text: str) -> frozenset[str]:
    """Return the kinds of thing a text asks for."""
    return _kinds(normalise(text))


@lru_cache(maxsize=20_000)
def _kinds_kept(text: str) -> frozenset[str]:
    """Return `kinds` of a text of an entry, remembered."""
    return _kinds(normalise_kept(text))


def _kinds(plain: str) -> frozenset[str]:
    return frozenset(kind for kind, words in WANTED.items() if words.search(plain))
