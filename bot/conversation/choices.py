"""Short answers: which number, or which word for it, a resident means."""

import re
import unicodedata

_NUMBERS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "壹": 1, "贰": 2, "叁": 3, "肆": 4}
_FRAME = re.compile(r"^(?:选|回|要|是|第|我选|回复)?\s*([1-9一二两三四壹贰叁肆])\s*(?:个|号|条)?$")
_MARKS = re.compile(r"[\s。．.、,，!！~～“”\"'()（）【】]+")

WORDS = {
    "useful": {"有用": 1, "没用": 2, "没有用": 2, "无用": 2, "接手": 3, "要接手": 3},
    "rate": {"解决了": 1, "解决": 1, "没解决": 2, "没有解决": 2, "还没解决": 2},
    "safe": {"安全": 1, "安全的": 1, "不安全": 2},
    "withdraw": {"撤销": 1, "撤": 1, "不撤销": 2, "不撤": 2},
}


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


def picked(kind: str, text: str) -> int | None:
    """Return which choice of a question of this *kind* the text picks, by number or by word."""
    by_word = WORDS.get(kind, {}).get(bare(text))
    return by_word if by_word is not None else number(text)
