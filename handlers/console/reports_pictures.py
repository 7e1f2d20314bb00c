"""The pictures of the page of numbers: what is drawn from what, and what it says in words."""

from collections import Counter
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from bot.reports import svg
from bot.reports.breakdown import Row
from bot.reports.topics import Topic
from bot.reports.trend import Day
from handlers.console.reports_words import prefecture, short

MOST_BARS = 8
# Where the prefectures lie, roughly, as columns and rows from the north-west.
PLACES = {
    "533400": (0, 0), "530600": (4, 0),
    "533300": (0, 1), "530700": (1, 1), "530300": (4, 1),
    "530500": (0, 2), "532900": (1, 2), "532300": (2, 2), "530100": (3, 2),
    "533100": (0, 3), "530900": (1, 3), "530400": (2, 3), "532600": (4, 3),
    "530800": (1, 4), "532500": (3, 3), "532800": (1, 5),
}  # fmt: skip


def flow(days: Sequence[Day]) -> Markup:
    """Draw what came, what was closed, and what was left."""
    came, closed = (sum(day.opened for day in days), sum(day.closed for day in days))
    left = days[-1].left if days else 0
    says = f"共登记{came}件，办结{closed}件，最后一天还剩{left}件没办完。每天的数字在下面的表里。"
    series = (
        svg.Line("登记", [day.opened for day in days]),
        svg.Line("办结", [day.closed for day in days]),
        svg.Line("当天剩下", [day.left for day in days]),
    )
    labels = [f"{day.day.month}/{day.day.day}" for day in days]
    return _safe(svg.lines(svg.Words("flow", "每天进来、办结、剩下几件", says), labels, series))


def topics(found: Sequence[Topic], names: Mapping[str, str]) -> Markup:
    """Draw the most frequent topics; a line marks the period before."""
    top = [topic for topic in found if topic.count][:MOST_BARS]
    said = "，".join(f"{names[it.key]}{it.count}件（上期{it.before}）" for it in top)
    bars = [svg.Bar(names[it.key], it.count, f"{it.count}件", mark=float(it.before)) for it in top]
    return _safe(svg.bars(svg.Words("topics", "问得最多的事", f"{said}。竖线是上期。"), bars))


def waits(rows: Sequence[Row], names: Mapping[str, str], key: str) -> Markup:
    """Draw how long each group waits for the first answer."""
    known = [(row, row.waited) for row in rows]
    bars = [
        svg.Bar(names[row.key], round(time / 3600, 1), f"{time / 3600:.1f}小时", kind="c3")
        for row, time in known
        if time is not None
    ][:MOST_BARS]
    said = "，".join(f"{bar.label}{bar.text}" for bar in bars)
    return _safe(
        svg.bars(svg.Words(f"waits-{key}", "首次回复要等多久（中位，工作时间）", said), bars)
    )


def places(rows: Sequence[Row]) -> Markup:
    """Draw the prefectures as a map of tiles; counties that are hidden are not counted."""
    counts: Counter[str] = Counter()
    more: set[str] = set()
    for row in rows:
        if not row.shows("count"):
            more.add(prefecture(row.key))
        else:
            counts[prefecture(row.key)] += row.opened.count
    fields = [
        svg.Tile(
            short(code),
            *at,
            value=counts[code] if counts[code] or code not in more else None,
            text=f"{counts[code] or ''}{'+' if code in more else ''}" or "0",
        )
        for code, at in PLACES.items()
    ]
    said = "，".join(f"{field.label}{field.text}件" for field in fields)
    says = f"{said}。带+号的还有少于5件的县没算进去。"
    return _safe(svg.tiles(svg.Words("places", "各州市登记几件", says), fields))


def _safe(drawn: str) -> Markup:
    return Markup(drawn)  # noqa: S704 (bot/reports/svg.py escapes every text)
