"""How tickets are put into words: states, clocks, fates of messages, what happened."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask.sansio.app import App

from bot.contracts import Intent
from bot.people.areas import short_name
from bot.tickets.allowed import STATE_NAMES
from bot.tickets.change import owes_answer
from bot.tickets.clocks.tables import TicketClock
from bot.tickets.tables import LIVE, ClockKind, CloseCode, Level, State, Ticket
from bot.tickets.views import SOON, Sort, View
from bot.tickets.words import CLOSE_CODES, INTENTS, LEVELS
from handlers.console.display import moment
from handlers.console.tickets_happened import happened

VIEWS = {
    View.MINE: ("我的", "briefcase", "手上没有正在办的事。新的事分给您时会出现在这里。"),
    View.NEW: ("待签收", "inbox", "没有等您签收的事。"),
    View.WAITING: ("等居民", "hourglass-split", "没有在等居民补充的事。"),
    View.SOON: ("快超时", "alarm", "两小时内没有要到时间的事。"),
    View.OVERDUE: ("已超时", "exclamation-triangle", "没有超过时间还没回复的事。"),
    View.QUEUE: ("未分派", "collection", "没有等人接手的事。"),
    View.TEAM: ("团队", "people", "全队现在没有正在办的事。"),
    View.MENTIONED: ("提到我的", "at", "还没有同事在备注里提到您。备注里写 @姓名 就能提醒谁。"),
    View.DONE: ("已办结", "check2-circle", "还没有办结的事。"),
}
SORTS = {
    Sort.DUE: "先急后缓",
    Sort.LATEST: "最近有动静",
    Sort.OLDEST: "登记最早",
    Sort.NEWEST: "登记最晚",
}
CLOSE_CHOICES = {
    CloseCode.NOT_SOLVED: "没能解决（要督导同意）",
    CloseCode.REFERRED_OUT: "转别的部门（要督导同意）",
    CloseCode.NOT_ACCEPTED: "不受理（要督导同意）",
    CloseCode.WITHDRAWN: "居民不办了：告诉居民已撤销",
    CloseCode.UNREACHABLE: "联系不上：要记满3次、2种办法、2天",
    CloseCode.DUPLICATE: "重复：不发给居民",
    CloseCode.SPAM: "广告或乱发：不发给居民",
}
FACTS = {
    "place": "提到的地方",
    "place_name": "地方全称",
    "amount": "提到的钱",
    "amount_yuan": "合多少元",
    "people_count": "人数",
    "age": "年龄",
    "quantity": "数量",
    "person": "提到的人",
    "employer": "提到的单位",
    "phone": "电话",
    "date": "时间",
    "date_span": "合哪天",
    "script": "写的文字",
    "languages": "要会的语言",
}


DUE_NEXT = {
    ClockKind.DISPATCH: ("分派", "分派"),
    ClockKind.ACCEPT: ("签收", "签收"),
    ClockKind.REPLY: ("", "回复"),
    ClockKind.RESOLVE: ("办结", "办出结果"),
    ClockKind.CONFIRM: ("回访", "回访"),
    ClockKind.PARTNER: ("协办", "等到协办的答复"),
    ClockKind.RIGHTS: ("法定", "办：过了法定期限就来不及"),
}
"""Before the time in a list, and in the full sentence."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text with its weight: colour and shape follow from `kind`, never alone."""

    text: str
    kind: str = ""
    symbol: str = ""
    exact: str = ""


def install(app: App) -> None:
    """Give templates what they need to speak of tickets."""
    app.jinja_env.filters.update(
        state_name=state_name,
        place_name=short_name,
        happened=happened,
        fact_rows=fact_rows,
        intent_name=lambda key: INTENTS.get(Intent(key), ""),
        level_name=lambda level: LEVELS[Level(level)],
        close_name=lambda code: CLOSE_CODES.get(CloseCode(code), "") if code else "",
    )


def state_name(ticket: Ticket) -> Words:
    """Write where the ticket stands."""
    state = State(ticket.state)
    kinds = {State.TRIAGE: "soon", State.DISPATCHED: "info", State.CLOSED: "", State.RESOLVED: ""}
    return Words(STATE_NAMES[state], kinds.get(state, "good"))


def clock(ticket: Ticket, now: datetime, running: TicketClock | None = None) -> Words:
    """Write how much time is left for what is due next, or since when it is overdue."""
    if ticket.state == State.WAITING_RESIDENT:
        return Words("等居民", "", "hourglass-split", moment(ticket.state_at))
    owed = ticket.state in LIVE and owes_answer(ticket)
    if owed and (running is None or ticket.reply_due_at <= running.due_at):
        return _until(ticket.reply_due_at, now, "", "回复")
    if running is not None and ticket.state not in {State.CLOSED, State.MERGED}:
        label, deed = DUE_NEXT[ClockKind(running.kind)]
        return _until(running.due_at, now, label, deed)
    if ticket.state not in LIVE:
        return Words(moment(ticket.state_at), exact=moment(ticket.state_at))
    return Words("已回复", "", "check2", moment(ticket.last_reply_at))


def _until(due_at: datetime, now: datetime, label: str, deed: str) -> Words:
    exact, left = f"应在 {moment(due_at)} 前{deed}", due_at - now
    if left < timedelta():
        return Words(f"{label}已超{span(-left)}", "bad", "exclamation-triangle-fill", exact)
    return Words(f"{label}还剩{span(left)}", "soon" if left <= SOON else "", "clock", exact)


def fact_rows(ticket: Ticket) -> list[tuple[str, str]]:
    """Write what the machine found in the resident's words."""
    rows = []
    for name, label in FACTS.items():
        value = ticket.facts.get(name)
        if value not in (None, "", []):
            values = value if isinstance(value, list) else [value]
            write = _days if name == "date_span" else str
            rows.append((label, "、".join(map(write, values))))
    return rows


def _days(interval: object) -> str:
    """Write an ISO interval as staff read it: 2026年6月1日至6月30日."""
    first, _, last = str(interval).partition("/")
    try:
        start, end = datetime.fromisoformat(first), datetime.fromisoformat(last or first)
    except ValueError:
        return str(interval)
    clock = f" {start:%H:%M}" if "T" in first else ""
    year = "" if end.year == start.year else f"{end.year}年"
    to = f"至{year}{end.month}月{end.day}日" if last else ""
    return f"{start.year}年{start.month}月{start.day}日{clock}{to}"


def span(span: timedelta) -> str:
    """Write a span of time to what matters: 35分, 2小时10分, 3天4小时."""
    minutes = max(1, int(span.total_seconds()) // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days}天{hours}小时" if hours else f"{days}天"
    if hours:
        return f"{hours}小时{minutes}分" if minutes else f"{hours}小时"
    return f"{minutes}分"
