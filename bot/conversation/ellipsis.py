"""Half sentences: which facet of the last answer, or which other condition, they ask about."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.knowledge.tokens import bare

FILE = Path(__file__).parents[2] / "data" / "followups.yaml"
LONGEST = 16
"""Characters; whoever writes more has said what it is about."""
LEAST_CORE = 2
MOST = 3
"""Sentences of an answer that are quoted."""
REPEATED = 0.5
_OTHERWISE = re.compile(r"^(那么?|要是|如果|假如|假使|万一|但是|可是|不过|还有)")
_ASKS = re.compile(
    r"(呢|(怎么|咋个?|怎样)(办|整|弄|算)?|(也|还|都|就)?(能|可以|行|算|有)(不能|吗|嘛|不|没得|没有)?)$"
)
_ENDS_ASKING = re.compile(r"呢$")
_PRONOUNS = re.compile(
    r"^(我们?|他们?|她们?|你们?|咱们?|人家)?(就|也|还)?(不?是|属于)?|的?(话|呢)*$"
)
_COURTESY = re.compile(
    r"^(好|好的|要得|得|行|可以|晓得|知道|明白|懂|谢谢|多谢|没事)?(了|的|啦|咯)*$"
)
_TO_US = re.compile(r"你们|社工|人工|真人|机器|帮我|帮帮|找个人|来个人|叫个人|喊个人")
_SENTENCE = re.compile(r"[^。；！？\n]+[。；！？]?")


_CIRCUMSTANCE = re.compile(
    r"^(那|但|可)?(是|我们?|我家|他们?|她们?|家里|本人)?"
    r"(没得|没有|没|不是|是|今年|属于)(?!事|问题|关系)|^\d{1,3}岁(了|的|以上|以下|左右)*$|(以上|以下|左右|户口|本地|外地)的$"
    r"|^(我|他|她)?(爹|爸|妈|娘|爷爷?|奶奶?|外公|外婆|老人|老倌|娃娃?|儿子|姑娘|媳妇)?(都|有|快)?"
    r"\d{1,3}岁?(了|多)*$"
    r"|^(那|还)?(要不要|用不用|需不需要|要|需要)(带|拿|准备|本人|签字|盖章|提供|填|跑|预约|排队)"
)
"""How people tell what they are or lack, or ask what else it takes: only after a question."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a half sentence asks the last answer for."""

    asks: re.Pattern[str]
    """Finds it in a question."""
    told: re.Pattern[str]
    """Finds it in a sentence of an answer."""
    condition: str = ""
    """The other circumstance it names; empty: it asks for a facet of the same matter."""
    facets: frozenset[str] = frozenset()
    """Names of the facets in data/followups.yaml; empty: a condition."""

    def sentences(self, answer: str) -> list[str]:
        """Return the sentences of an answer that tell of it, word for word."""
        found = [s.strip() for s in _SENTENCE.findall(answer) if self.told.search(s)][:MOST]
        # Whoever asks what comes next has read the answer, and is not told it again.
        again = sum(map(len, found)) > len(answer) * REPEATED
        return [] if again and self.facets == {"steps"} else found


@dataclass(frozen=True, slots=True)
class _Facet:
    name: str
    asks: re.Pattern[str]
    told: str


@dataclass(frozen=True, slots=True)
class _Book:
    whole: re.Pattern[str]
    """A text that consists of question words only."""
    facets: tuple[_Facet, ...]
    conditions: tuple[_Facet, ...]


def is_circumstance(text: str) -> bool:
    """Say whether a text only tells what somebody is or lacks: 没得户口本, 65岁以上的."""
    said = bare(text)
    return len(said) <= LONGEST and _CIRCUMSTANCE.search(said) is not None


def half_sentence(text: str, *, leaning: bool = False) -> Asked | None:
    """
    Return what a text asks that means nothing without the answer before it, else None.

    *leaning*: it is known to go on from that answer, whatever its form.
    """
    said = bare(text)
    if not said or len(said) > LONGEST or _TO_US.search(said):
        return None
    if load_followups().whole.fullmatch(said):
        return _facet(said)
    otherwise = _OTHERWISE.search(said) and _ASKS.search(said)
    if leaning or otherwise or _ENDS_ASKING.search(said):
        return _condition(said)
    return None


def _facet(said: str) -> Asked:
    meant = [facet for facet in load_followups().facets if facet.asks.search(said)]
    told = "|".join(facet.told for facet in meant)
    asks = "|".join(facet.asks.pattern for facet in meant)
    return Asked(
        re.compile(asks), re.compile(told), facets=frozenset(facet.name for facet in meant)
    )


def _condition(said: str) -> Asked | None:
    core = _ASKS.sub("", _OTHERWISE.sub("", said))
    core = _PRONOUNS.sub("", core)
    named = [group for group in load_followups().conditions if group.asks.search(said)]
    if named:
        asks = re.compile("|".join(group.asks.pattern for group in named))
        told = re.compile("|".join(group.told for group in named))
        return Asked(asks, told, condition=core or said)
    if len(core) < LEAST_CORE or _COURTESY.fullmatch(core):
        return None
    literal = re.compile(re.escape(core))
    return Asked(literal, literal, condition=core)


@cache
def load_followups(path: Path = FILE) -> _Book:
    """Read the words of half sentences once per process."""
    content = yaml.safe_load(path.read_text("utf-8"))
    facets = tuple(
        _Facet(name, _any(words["asks"]), _told(words))
        for name, words in content["aspects"].items()
    )
    conditions = tuple(
        _Facet("", _any(words["says"]), _told(words)) for words in content["conditions"]
    )
    around = _any([*content["lead"], *content["fill"], *content["end"]]).pattern
    asks = "|".join(facet.asks.pattern for facet in facets)
    whole = re.compile(f"(?:{around})*(?:{asks})(?:{around}|{asks})*")
    return _Book(whole, facets, conditions)


def _any(words: Sequence[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("(?:" + "|".join(longest_first) + ")")


def _told(words: dict[str, Any]) -> str:
    return "(?:" + "|".join(words["told"]) + ")"
