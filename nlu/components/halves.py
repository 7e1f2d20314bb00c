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
_ASKING = re.compile(
    r"吗|么|啥|多少|好多|几|哪|咋|怎|什么|(.)不\1|能不能|可不可以|合法|给(?:能|会|要|有|是)|得不得"
    r"|(?:不|没|没得|没有|嘛|噶)了?$"
)


def halves(folded: str) -> list[tuple[str, str]]:
    """Return *folded* cut after its first clause, before its last, and before its last two."""
    clauses = [clause for part in _BREAK.split(folded) if (clause := part.strip())]
    if len(clauses) < 2:  # noqa: PLR2004
        return _dictated(folded)
    cuts = {1, len(clauses) - 2, len(clauses) - 1} - {0}
    return [_close(" ".join(clauses[:cut]), " ".join(clauses[cut:])) for cut in sorted(cuts)]


def asks(folded: str) -> bool:
    """Say whether a half asks for something in so many words."""
    return bool(_ASKING.search(folded))


def _dictated(folded: str) -> list[tuple[str, str]]:
    turns = [found.start() for found in _TURNS.finditer(folded)]
    within = [turn for turn in turns if _SHORTEST <= turn <= len(folded) - _SHORTEST]
    return [_close(folded[: within[-1]], folded[within[-1] :])] if within else []


def _close(before: str, after: str) -> tuple[str, str]:
    return before[-_CLOSE:], after[:_CLOSE]
