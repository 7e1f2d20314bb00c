"""What a caseworker's line of text asks for."""

import enum
import re
import unicodedata
from dataclasses import dataclass, field


class Verb(enum.StrEnum):
    """What may be asked for."""

    ACCEPT = "接"
    REPLY = "回"
    LOOK = "看"
    MINE = "我的"
    ON = "上班"
    OFF = "下班"
    HELP = "帮助"
    AS_RESIDENT = "我是居民"
    AS_STAFF = "我是社工"


WITH_NUMBER = frozenset({Verb.ACCEPT, Verb.REPLY, Verb.LOOK})
_WORDS = {
    "我的": Verb.MINE,
    "我的工单": Verb.MINE,
    "上班": Verb.ON,
    "下班": Verb.OFF,
    "帮助": Verb.HELP,
    "?": Verb.HELP,
    "我是居民": Verb.AS_RESIDENT,
    "我是社工": Verb.AS_STAFF,
}
_VERB = r"(?P<verb>接单|签收|接|回复|回|查看|看)"
_NUMBER = r"(?P<month>\d{4})[-—–一]?(?P<running>\d{4,6})(?!\d)"
_NUMBERED = re.compile(rf"{_VERB}\s*{_NUMBER}[\s:：,，。、]*(?P<words>.*)", re.DOTALL)
_BARE = re.compile(rf"{_VERB}\s*")
_MEANS = {
    "接": Verb.ACCEPT,
    "接单": Verb.ACCEPT,
    "签收": Verb.ACCEPT,
    "回": Verb.REPLY,
    "回复": Verb.REPLY,
    "看": Verb.LOOK,
    "查看": Verb.LOOK,
}


@dataclass(frozen=True, slots=True)
class Command:
    """One thing asked for."""

    verb: Verb
    number: str = ""
    """Of the ticket; empty where none was given."""
    words: str = field(default="", repr=False)
    """What the resident is to be told, as it was written."""


def parse(text: str) -> Command | None:
    """Return what *text* asks for; None: nothing we know."""
    # Only the head is made plain: what goes to a resident stays as it was written.
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain in _WORDS:
        return Command(_WORDS[plain])
    bare = _BARE.fullmatch(plain)
    if bare:
        return Command(_MEANS[bare["verb"]])
    found = _NUMBERED.fullmatch(text.strip()) or _NUMBERED.fullmatch(plain)
    if found is None:
        return None
    verb, words = _MEANS[found["verb"]], found["words"].strip()
    if words and verb != Verb.REPLY:
        return None
    digits = unicodedata.normalize("NFKC", f"{found['month']}-{found['running']}")
    return Command(verb, digits, words)
