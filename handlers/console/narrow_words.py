"""What narrows a list, as staff read it: 登记于3月1日至3月7日 · 彝语 · 首次回复超时."""

from collections.abc import Iterator, Mapping
from datetime import date

from sqlalchemy import select

from bot.contracts import Urgency
from bot.knowledge.topics import load_topics
from bot.people.areas import full_name
from bot.people.tables import Staff, Team
from bot.tickets.allowed import STATE_NAMES
from bot.tickets.narrow import NONE, Narrow
from bot.tickets.tables import CloseCode, State
from bot.tickets.words import CLOSE_CODES, LANES, LEVELS, URGENCIES
from handlers.console.session import db

SPANS = {"": "登记于", "resolved_": "办好于", "closed_": "办结于"}
ANSWERS = {
    "asked": "问过解决没有",
    "yes": "居民说解决了",
    "no": "居民说没解决",
    "explained": "居民接受了解释",
    "silent": "问了没有回音",
    "unreachable": "联系不上",
}
REPLIES = {
    "in_time": "首次回复按时",
    "late": "首次回复超时",
    "missed": "过了期限还没有人回复",
    "open": "没到期限，还没有人回复",
}
WANTS = {
    "any": "等督导批",
    "extension": "申请延期",
    "close": "申请办结",
    "calm": "申请解除危机",
}
CLOCKS = {
    "ack": "收到未告知",
    "dispatch": "分派超时",
    "accept": "签收超时",
    "first_reply": "首次回复超时",
    "reply": "回复超时",
    "resolve": "办理超时",
    "confirm": "回访超时",
    "partner": "协办超时",
    "rights": "权利时限已过",
}
SATISFIED = {"asked": "回访问过满意没有", "happy": "居民说满意", "unhappy": "居民说不满意"}
CRISES = {"open": "危机，没有人签收", "taken": "危机，已有人接手"}
OTHERS: Mapping[str, Mapping[str, str]] = {
    "answer": ANSWERS,
    "reply": REPLIES,
    "satisfied": SATISFIED,
    "crisis": CRISES,
    "wants": WANTS,
    "clock": CLOCKS,
    "level": LEVELS,
    "lane": LANES,
    "supervised": {"yes": "督办中"},
    "reopened": {"yes": "返工过"},
    "overdue": {"reply": "回复已超时"},
}


def narrow_words(narrow: Narrow) -> str:
    """Write everything that narrows the list."""
    values = (_value(key, value) for key, value in narrow.values if not _is_span(key))
    return " · ".join((*_spans(narrow), *values))


def _is_span(key: str) -> bool:
    return key.endswith(("from", "to"))


def _spans(narrow: Narrow) -> Iterator[str]:
    for prefix, label in SPANS.items():
        first, last = narrow.get(f"{prefix}from"), narrow.get(f"{prefix}to")
        if first and first == last:
            yield f"{label}{_day(first)}"
        elif first or last:
            yield f"{label}{_day(first)}至{_day(last)}"


def _day(text: str) -> str:
    if not text:
        return ""
    day = date.fromisoformat(text)
    return f"{day.year}年{day.month}月{day.day}日"


def _value(key: str, value: str) -> str:
    if key in OTHERS:
        return OTHERS[key].get(value, value)
    if key == "topic":
        return load_topics().name(value)
    if key == "urgency":
        return URGENCIES[Urgency(value)]
    if key == "state":
        return "正在办" if value == "live" else STATE_NAMES[State(value)]
    if key == "code":
        return CLOSE_CODES[CloseCode(value)]
    return _who_or_where(key, value)


def _who_or_where(key: str, value: str) -> str:
    if key == "area":
        return "地点不明" if value == NONE else full_name(value) or value
    if key == "scene":
        return "没有扫码" if value == NONE else f"二维码 {value}"
    if key == "person":
        return _name(value)
    if key == "team":
        return db().scalar(select(Team.name).where(Team.id == int(value))) or value
    return value


def _name(value: str) -> str:
    if value == NONE:
        return "没有人负责"
    name = db().scalar(select(Staff.name).where(Staff.id == int(value)))
    return f"{name or '不认识的人'}负责"
