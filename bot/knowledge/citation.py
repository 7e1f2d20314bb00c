"""Saying what an answer rests on, in one line."""

import re
from collections.abc import Sequence

from bot.contracts import Hit, Source

_DATE = re.compile(r"(\d{4})[-年](\d{1,2})[-月](\d{1,2})")


def cite(hit: Hit) -> str:
    """
    Return the sources of an answer as one line, a law named once with all its articles.

    A source that is no document (a hotline) is named without the marks of a title.
    """
    laws: dict[str, list[Source]] = {}
    for source in hit.sources:
        laws.setdefault(source.title, []).append(source)
    return "出处：" + "；".join(_law(sources) for sources in laws.values()) + "。"


def name(source: Source) -> str:
    """Return one source in words: 《…办法》（…号）第三条，2026年1月1日起施行."""
    return _law([source])


def _law(sources: Sequence[Source]) -> str:
    first = sources[0]
    articles = "、".join(dict.fromkeys(s.article for s in sources if s.article))
    if not (articles or first.document_number or first.effective_date or first.version):
        return first.title
    number = f"（{first.document_number}）" if first.document_number else ""
    title, part = _named(first.title)
    return f"{title}{number}{part}{articles}{_dates(first)}"


def _named(title: str) -> tuple[str, str]:
    """Return the title in its marks, and the part of the law that follows a space."""
    if title.startswith("《"):
        return title, ""
    # A title that quotes another one has the inner marks single.
    whole, _, part = title.replace("《", "〈").replace("》", "〉").partition(" ")
    return f"《{whole}》", part


def _dates(source: Source) -> str:
    since = _day(source.effective_date)
    text = f"，{source.effective_date}起施行" if source.effective_date else ""
    version = _day(source.version)
    if version and (not since or version > since):
        year, month, day = version
        text += f"，{year}年{month}月{day}日{'修改' if since else '文本'}"
    return text


def _day(text: str) -> tuple[int, ...]:
    found = _DATE.search(text)
    return tuple(int(number) for number in found.groups()) if found else ()
