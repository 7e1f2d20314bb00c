"""Cutting a message between its clauses, so that each half can be read by itself."""

import re

_BREAK = re.compile(r"[,.!?;:，。！？；：、\n…~～]+|(?<=[^a-z0-9])\s+(?=[^a-z0-9])")
_CLOSE = 120
"""Characters of a half that are read: those next to the cut, lest long stories cost much."""
_TURNS = re.compile(
    r"(?:我|就|只|还|也)*(?:想|要)?(?:请)?(?:问|咨询|打听|晓得|知道|搞清楚|弄清楚|弄明白)"
    r"|请|麻烦|求|劳烦|你们能|能不能|可不可以|帮我|另外|还有|顺便|这种|这样"
)
"""Where dictated text, which has no breaks, goes over to what is wanted."""
_SHORTEST = 4
_BESIDES = re.compile(
    r"另外|顺便|顺带|同时|对了|再(?:问|打听)|还(?:想|要)(?:问|打听|咨询|了解|晓得|知道)|还有哈|也想|并(?:咨询|询问)"
)
_STRETCH = 40
"""Characters, at least, of a story that are read by themselves."""
_SHORT_STORY = 60
_FEWEST_CLAUSES = 3
_MOST_STRETCHES = 8
_ASKING = re.compile(
    r"吗|么|啥|多少|好多|几|哪|咋|怎|什么|(.)不\1|能不能|可不可以|合法|给(?:能|会|要|有|是)|得不得"
    r"|(?:不|没|没得|没有|嘛|噶)了?$"
)


def halves(folded: str) -> list[tuple[str, str]]:
    """Return *folded* cut after its first clause, before its last, and before its last two."""
    clauses = _clauses(folded)
    if len(clauses) < 2:  # noqa: PLR2004
        return _dictated(folded)
    cuts = {1, len(clauses) - 2, len(clauses) - 1} - {0}
    return [_close(" ".join(clauses[:cut]), " ".join(clauses[cut:])) for cut in sorted(cuts)]


def stretches(folded: str) -> list[str]:
    """Return the story of a long text, its last clause left out, in stretches of some clauses."""
    clauses = _clauses(folded)
    if len(folded) <= _SHORT_STORY or len(clauses) < _FEWEST_CLAUSES:
        return []
    found = [""]
    for clause in clauses[:-1]:
        if len(found[-1]) >= _STRETCH:
            found.append("")
        found[-1] = f"{found[-1]} {clause}".strip()[:_CLOSE]
    return [stretch for stretch in found if len(stretch) >= _STRETCH][:_MOST_STRETCHES]


def asked_besides(folded: str) -> str:
    """Return what is asked after the last "besides" in so many words, empty if nothing is."""
    starts = [found.start() for found in _BESIDES.finditer(folded)]
    rest = folded[starts[-1] :][:_CLOSE] if starts and starts[-1] >= _SHORTEST else ""
    return rest if asks(rest) else ""


def asks(folded: str) -> bool:
    """Say whether a half asks for something in so many words."""
    return bool(_ASKING.search(folded))


def _clauses(folded: str) -> list[str]:
    return [clause for part in _BREAK.split(folded) if (clause := part.strip())]


def _dictated(folded: str) -> list[tuple[str, str]]:
    turns = [found.start() for found in _TURNS.finditer(folded)]
    within = [turn for turn in turns if _SHORTEST <= turn <= len(folded) - _SHORTEST]
    return [_close(folded[: within[-1]], folded[within[-1] :])] if within else []


def _close(before: str, after: str) -> tuple[str, str]:
    return before[-_CLOSE:], after[:_CLOSE]
