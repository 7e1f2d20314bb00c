"""The list beside every ticket, as its address says it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from flask import request

from bot.desk import filters
from bot.desk.tables import SavedFilter
from bot.knowledge.topics import load_topics
from bot.tickets import narrow
from bot.tickets.board import Filter, counts, rows
from bot.tickets.views import Sort, View, sorts_for, views_for
from bot.tickets.words import URGENCIES
from handlers.console import tickets_words
from handlers.console.narrow_words import narrow_words
from handlers.console.session import db, me, tools

MOST_PAGE_DIGITS = 4
LONGEST_SEARCH = 60


def kept_lists() -> list[tuple[SavedFilter, dict[str, str]]]:
    """Return the lists this person kept, each with its address."""
    return [(kept, dict(parse_qsl(kept.address))) for kept in filters.of(db(), me())]


def address_of(args: Mapping[str, str]) -> dict[str, str]:
    """Return an address with what it can mean, and nothing else."""
    return _address(_filter(args))


def desk() -> dict[str, Any]:
    """Return what the list beside every ticket shows."""
    wanted, now = _filter(request.args), tools().now()
    counted = counts(db(), me(), now=now)
    return {
        "wanted": wanted,
        "address": _address(wanted),
        "sorts": [(sort, tickets_words.SORTS[sort]) for sort in sorts_for(wanted.view)],
        "narrowed": narrow_words(wanted.narrow),
        "views": [
            (view, *tickets_words.VIEWS[view], counted.of[view]) for view in views_for(me())
        ],
        "unread": counted.unread,
        "crises": counted.crisis,
        "topics": load_topics().by_key.values(),
        "page": rows(db(), me(), wanted=wanted, now=now),
        "now": now,
        "clock": tickets_words.clock,
        "urgencies": URGENCIES,
        "ticket": None,
    }


def _filter(args: Mapping[str, str]) -> Filter:
    view = args.get("view", "")
    known = view in (*views_for(me()), View.ALL)
    page = args.get("page", "1")
    return Filter(
        view=View(view) if known else View.MINE,
        words=args.get("q", "").strip()[:LONGEST_SEARCH],
        topic=args.get("topic", ""),
        urgency=args.get("urgency", ""),
        page=max(1, int(page)) if page.isdecimal() and len(page) <= MOST_PAGE_DIGITS else 1,
        sort=_sort(args.get("sort", "")),
        narrow=narrow.read(args, zone=tools().settings.zone),
    )


def _sort(text: str) -> Sort | None:
    return Sort(text) if text in list(Sort) else None


def _address(wanted: Filter) -> dict[str, str]:
    """The list as its address says it, so that a view can be kept and passed on."""
    said = dict(wanted.narrow.values) | {
        "view": str(wanted.view),
        "q": wanted.words,
        "topic": wanted.topic,
        "urgency": wanted.urgency,
        "sort": str(wanted.sort or ""),
        "page": str(wanted.page) if wanted.page > 1 else "",
    }
    return {name: value for name, value in said.items() if value and value != View.MINE}
