"""Splitting a policy document into its articles."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.errors import InvalidInputError

LONGEST = 500
"""Characters of a passage: with its source, it is one message of WeChat (2,048 bytes)."""
MOST = 2000
"""Passages of a document; a longer one is more likely the wrong file."""
JOINT = " › "
_NUMERAL = r"[〇零一二三四五六七八九十百千\d]+"
_SPACE = r"[\s\u3000]*"
_PART = re.compile(rf"^(第{_NUMERAL}([编章节]))[\s\u3000]*(.{{0,40}})$")
_ARTICLE = re.compile(
    rf"^(第{_NUMERAL}条(?:之{_NUMERAL})?)(?![规所和、至的中第])[\s\u3000：:]*(.*)$", re.DOTALL
)
_LISTED = (
    re.compile(rf"^([一二三四五六七八九十百]+、){_SPACE}(.*)$", re.DOTALL),
    re.compile(rf"^([（(][一二三四五六七八九十百]+[）)]){_SPACE}(.*)$", re.DOTALL),
    re.compile(rf"^(\d{{1,3}}[.．、](?!\d)){_SPACE}(.*)$", re.DOTALL),
)
_MARKED = re.compile(r"^(#{1,6})\s+(.*)$")
_DECORATION = re.compile(r"\*\*|__|^>\s?|^\s*[-*]\s+")
_RANKS = {"编": 0, "章": 1, "节": 2}
_LIST_RANK = 10
_LONGEST_HEADING = 40


@dataclass(frozen=True, slots=True)
class Passage:
    """One article, or part of one."""

    article: str
    """What it is cited by: 第三条, 二、（一）; empty: the text is not divided."""
    path: str
    """The headings it stands under, outermost first."""
    text: str


@dataclass(frozen=True, slots=True)
class _Line:
    rank: int
    """Of a heading, 0 is the outermost; -1: no heading."""
    mark: str
    rest: str


def split(text: str) -> tuple[Passage, ...]:
    """
    Split plain text or Markdown by 第…条; where there is none, by 一、（一）1. and headings.

    What stands before the first of them is a passage without a number.

    Raises:
        InvalidInputError: there is no text, or far too much of it.
    """
    lines = [
        found for found in (_DECORATION.sub("", one).strip() for one in _lines(text)) if found
    ]
    by_article = any(_ARTICLE.match(line) for line in lines)
    passages = tuple(_passages(lines, by_article=by_article))
    if not passages:
        msg = "文件里没有正文。请换一个文本文件。"
        raise InvalidInputError(msg)
    if len(passages) > MOST:
        msg = f"文件拆出 {len(passages)} 段，最多 {MOST} 段。请检查是不是选错了文件。"
        raise InvalidInputError(msg)
    return passages


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _passages(lines: list[str], *, by_article: bool) -> Iterator[Passage]:
    above: dict[int, str] = {}
    marks: dict[int, str] = {}
    body: list[str] = []
    for line in lines:
        read = _read(line, by_article=by_article)
        if read.rank < 0:
            body.append(line)
            continue
        yield from _parted(marks, above, body)
        above = {rank: title for rank, title in above.items() if rank < read.rank}
        marks = {rank: mark for rank, mark in marks.items() if rank < read.rank}
        body = []
        if read.mark:
            marks[read.rank] = read.mark
        if _is_heading(read, by_article=by_article):
            above[read.rank] = read.rest
        elif read.rest:
            body.append(read.rest)
    yield from _parted(marks, above, body)


def _read(line: str, *, by_article: bool) -> _Line:
    marked = _MARKED.match(line)
    plain = marked[2].strip() if marked else line
    part, article = _PART.match(plain), _ARTICLE.match(plain)
    if part:
        return _Line(_RANKS[part[2]], "", f"{part[1]} {part[3]}".strip())
    if by_article:
        if article:
            return _Line(_LIST_RANK, article[1], article[2].strip())
        return _Line(len(marked[1]) - 1, "", plain) if marked else _Line(-1, "", line)
    for rank, form in enumerate(_LISTED):
        found = form.match(plain)
        if found:
            return _Line(_LIST_RANK + rank, found[1].rstrip("．."), found[2].strip())
    return _Line(len(marked[1]) - 1, "", plain) if marked else _Line(-1, "", line)


def _is_heading(read: _Line, *, by_article: bool) -> bool:
    """Say whether what follows the number is a heading: short, and no sentence."""
    if not read.mark:
        return True
    short = 0 < len(read.rest) <= _LONGEST_HEADING
    return short and not by_article and not re.search(r"[。；;，,]", read.rest)


def _parted(marks: dict[int, str], above: dict[int, str], body: list[str]) -> Iterator[Passage]:
    article = "".join(marks[rank] for rank in sorted(marks)).rstrip("、")
    path = JOINT.join(above[rank] for rank in sorted(above))
    piece = ""
    for line in (part for whole in body for part in _short(whole)):
        if piece and len(piece) + len(line) > LONGEST:
            yield Passage(article, path, piece)
            piece = ""
        piece = f"{piece}\n{line}" if piece else line
    if piece:
        yield Passage(article, path, piece)


def _short(line: str) -> Iterator[str]:
    """Cut a paragraph that is too long after a sentence, or anywhere if there is none."""
    while len(line) > LONGEST:
        at = line.rfind("。", 0, LONGEST) + 1 or LONGEST
        yield line[:at]
        line = line[at:]
    if line:
        yield line
