"""Short answers: which number, or which word for it, a resident means."""

import re
import unicodedata
from collections.abc import Sequence

_NUMBERS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "壹": 1, "贰": 2, "叁": 3, "肆": 4}
_SAID = "[1-9一二两三四壹贰叁肆]"
_FRAME = re.compile(
    rf"^(?:那|就|我|想|要|问|选|看|回复|回|点|按|是)*第?({_SAID})(?:个|号|条|项)?"
    r"(?:也|吧|嘛|啊|呢|哦|的|那个|这个|想看看|想看|看看|谢谢)*$"
)
_ORDINAL = re.compile(f"第{_SAID}")
LEAST_NAME, LONGEST_NAME, LONGEST_WISH = 2, 8, 12
_MARKS = re.compile(r"[\s。．.、,，!！~～“”\"'()（）【】]+")

WORDS = {
    "useful": {
        **dict.fromkeys(("有用", "有帮助", "帮到我", "帮上忙", "用得着"), 1),
        **dict.fromkeys(("没用", "没有用", "没得用", "无用", "不管用", "没帮助"), 2),
        **dict.fromkeys(("没有帮助", "没得帮助", "没什么用", "没得哪样用", "没帮上"), 2),
        "接手": 3,
        "要接手": 3,
    },
    "rate": {
        **dict.fromkeys(("解决", "都解决", "解决好", "办好", "弄好"), 1),
        **dict.fromkeys(("没解决", "没有解决", "没得解决", "没办好", "没弄好"), 2),
    },
    "safe": {"安全": 1, "不安全": 2},
    "withdraw": {
        **dict.fromkeys(("撤销", "撤", "要撤销", "确定", "确定撤销"), 1),
        **dict.fromkeys(("不撤销", "不撤", "不要撤", "不要撤销"), 2),
    },
    "person": {
        **dict.fromkeys(
            ("要", "需要", "要问", "要社工", "要社工问", "要帮我问", "麻烦", "要麻烦"), 1
        ),
        **dict.fromkeys(("帮我问", "帮问", "帮我问问", "帮我问清楚", "请帮我问", "麻烦帮我问"), 1),
    },
    "offer": {
        **dict.fromkeys(("是", "是它", "就是", "对", "对头", "就这个", "就是这个", "是这个"), 1),
    },
}
_AROUND = re.compile(
    "谢谢|多谢|老师|你们?|您|了|的|啊|呀|嘛|呢|吧|哦|噶|咯|很|挺|太|蛮|还是|还|已经|现在|我(?=现在|不?安全)|一下"
)
_NONE = re.compile(
    r"(?:以上|这些|这几个|上面的?|一个)?(?:都|全|也)?(?:不是|不对|没有|没得)"
    r"(?:我?(?:要|想|要?问|想问|找)的|这些|这几个|这个|上面的|找社工)*(?:的|啊|呀|嘛|呢|了|哦)*"
)
_ASK_FOR_ME = re.compile("帮(?:我们?|忙)?(?:再)?(?:问|打听)")
_TWICE = re.compile(r"^(.{2,3})\1+$")
_BY_NAME = re.compile("我|就|那个|这个|那条|这条|那一个|的|想|要|问|是|选|看|吧|嘛|哦|呢|啊")


def bare(text: str) -> str:
    """Return the text without spaces and punctuation, digits in their plain form."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", text))


def number(text: str) -> int | None:
    """Return the number a text consists of: 1, １, ①, 一, 第二个, 选3; None when it says more."""
    match = _FRAME.match(bare(text))
    if match is None:
        return None
    found = match.group(1)
    return _NUMBERS[found] if found in _NUMBERS else int(found)


def is_ordinal(text: str) -> bool:
    """Say whether a number counts places in a list (第二个) and can be no mark for an answer."""
    return number(text) is not None and _ORDINAL.search(bare(text)) is not None


def is_none(text: str) -> bool:
    """Say whether a text turns all of a list down: 都不是, 没有我要问的."""
    return _NONE.fullmatch(bare(text)) is not None


def named(text: str, among: Sequence[str]) -> int | None:
    """Return which one of a list a few words name, from 1: 报销那个; None for none or several."""
    said = bare(text)
    core = _BY_NAME.sub("", said)
    if not LEAST_NAME <= len(core) <= LONGEST_NAME:
        return next((at for at, one in enumerate(among, 1) if bare(one) == said), None)
    found = [at for at, one in enumerate(among, 1) if core in bare(one)]
    return found[0] if len(found) == 1 else None


def picked(kind: str, text: str) -> int | None:
    """Return which choice of a question of this *kind* the text picks, by number or by word."""
    words = WORDS.get(kind, {})
    said = bare(text)
    if kind == "person" and len(said) <= LONGEST_WISH and _ASK_FOR_ME.search(said):
        return 1
    by_word = words.get(said, words.get(_TWICE.sub(r"\1", _AROUND.sub("", said))))
    return by_word if by_word is not None else number(text)
