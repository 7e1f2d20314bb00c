"""What keeps a likely answer from being given without asking back."""

import re
from collections.abc import Iterable
from datetime import date

from bot.knowledge.asking import SHORT, unsaid, what_is_asked
from bot.knowledge.documents import Document
from bot.knowledge.tokens import asked, bare, normalise, normalise_kept

SHORTEST = 4
"""Different characters of the shortest message that may be answered without asking back."""
SIDES = (("前", "后"), ("内", "外"))
"""Words that turn what stands before them into its opposite: 婚前 and 婚后."""
_HAN = "[\u3400-\u9fff]"
# 能不能, 有没有: a question, not a denial. 要不, 不过, …: no denial either.
_NO_DENIAL = re.compile(
    rf"({_HAN}{{1,2}})[不没]\1|有[没无]有?|要不|不过|差不多|不然|不但|不仅|不如|对不起|"
    "不好意思|不管|不晓得|不知道|不懂|不明白|不清楚|不得了|舍不得|巴不得"
)
_DENIED = re.compile(rf"[不没未无非](?:有|得)?((?![了过到着给的]){_HAN}{{1,2}})")
_DENIED_WHOLE = re.compile(rf"[不没未无非](?:有|得)?{_HAN}{{1,6}}")
_NOT_YET = re.compile(rf"还没(?:有|得)?({_HAN}{{2}})")
_HOW = "(?:怎么|咋个?|怎样|如何)(?:去|来|给)?"
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?:年|(?!\d))")
_YEARS_OFF = {"前年": -2, "去年": -1, "明年": 1, "后年": 2}
_RULE_OF = "(?=的|标准|政策|规定|最低|那个|那种)"
"""What stands after 去年 where its rule is asked for; else something happened then."""


def doubtful(question: str, phrasing: str, document: Document, *, today: date) -> bool:
    """Say whether the best entry, found by *phrasing*, is rather offered than given."""
    if too_short(question) or asked(question) == asked(phrasing):
        return too_short(question)
    return (
        (_alike(question, phrasing) and turned_round(question, phrasing))
        or bool(unsaid(question, document))
        or other_year(question, document, today=today)
    )


def too_short(question: str) -> bool:
    """Say whether the text is too short to say what is meant: a word, hardly a question."""
    return len(set(bare(question))) < SHORTEST


def _alike(*texts: str) -> bool:
    """Whether they may differ in one word: in a long story 没 and 后 say nothing."""
    return all(len(bare(text)) <= SHORT for text in texts)


def turned_round(question: str, phrasing: str) -> bool:
    """
    Say whether one text denies what the other affirms, or puts 后 where it has 前.

    A doubt counts as yes: the price is a question back, not a wrong answer.
    """
    one, other = normalise(question), normalise(phrasing)
    one, other = _still_to_do(one, other), _still_to_do(other, one)
    return (
        _denies(one, other)
        or _denies(other, one)
        or any(_other_side(one, other, *pair) for pair in SIDES)
        or any(_other_side(other, one, *pair) for pair in SIDES)
    )


def _still_to_do(one: str, other: str) -> str:
    """Return *one* without denying what *other* asks how to do: 还没上户口, 咋个上户口."""
    return _NOT_YET.sub(
        lambda found: found[1] if re.search(_HOW + found[1], other) else found[0], one
    )


def other_year(question: str, document: Document, *, today: date) -> bool:
    """
    Say whether the question names a year that the entry is not about.

    An entry is about the years its phrasings name; else about this year, those it is valid
    in, and those its answer names.
    """
    plain = what_is_asked(question)
    asked = _years([plain]) | {
        today.year + off
        for word, off in _YEARS_OFF.items()
        if re.search(word + ("" if off > 0 else _RULE_OF), plain)
    }
    named = _years(map(normalise_kept, document.phrasings))
    if named or not asked:
        return bool(asked - named)
    starts, ends = document.valid_from or today, document.valid_until or today
    valid = set(range(starts.year, ends.year + 1)) | {today.year}
    return bool(asked - valid - _years([normalise_kept(document.hit.answer)]))


def _years(texts: Iterable[str]) -> set[int]:
    return {int(year) for text in texts for year in _YEAR.findall(text)}


def _denies(one: str, other: str) -> bool:
    """Whether *one* denies a thing that *other* only affirms."""
    one, other = _NO_DENIAL.sub(" ", one), _NO_DENIAL.sub(" ", other)
    denied, affirmed = _DENIED.findall(one), _DENIED_WHOLE.sub(" ", other)
    left = _DENIED.sub(" ", one)
    return any(thing in affirmed and thing not in left for thing in denied)


def _other_side(one: str, other: str, this: str, that: str) -> bool:
    """Whether *one* has a word with *this* which *other* has with *that* only."""
    words = re.findall(rf"({_HAN}){this}", one)
    return any(word + that in other and word + this not in other for word in words)
