"""What is marked on a ticket in a list, and what its drafts are called."""

from datetime import timedelta

from bot.knowledge.topics import NO_TOPIC
from bot.tickets.lanes import lane_name
from bot.tickets.tables import State, Ticket
from handlers.console.display import topic_name
from handlers.console.session import tools

LONG, TOO_LONG = timedelta(minutes=10), timedelta(hours=2)

DRAFTS = {
    "reply": "回复",
    "note": "内部备注",
    "resolve": "办结的结果",
    "close": "其他办结的原因",
    "hand-back": "退回的话",
    "assign": "转交的话",
}


def flags(ticket: Ticket, *, unread: bool = False) -> list[tuple[str, str, str]]:
    """Return the marks of a ticket: word, weight, icon; what must not be overlooked first."""
    marks = (
        _unassigned(ticket),
        (ticket.supervised_at, "督办", "bad", "flag-fill"),
        (ticket.lane, lane_name(ticket.lane), "info", "lock"),
        (ticket.extension_pending, "延期待批", "soon", "hourglass-split"),
        (ticket.reopened, f"重开{ticket.reopened}", "soon", "arrow-counterclockwise"),
        (ticket.hand_backs, f"退单{ticket.hand_backs}", "soon", "arrow-return-left"),
        (ticket.reminded_at and unread, "催办", "soon", "bell"),
    )
    return [(text, kind, symbol) for there, text, kind, symbol in marks if there]


def _unassigned(ticket: Ticket) -> tuple[bool, str, str, str]:
    """Mark how long nobody has had it."""
    waited = tools().now() - ticket.state_at
    minutes = int(waited.total_seconds()) // 60
    hours, days = minutes // 60, waited.days
    age = f"{days}天" if days else f"{hours}小时" if hours else f"{minutes}分钟"
    there = ticket.state == State.TRIAGE and waited >= LONG
    return there, f"没人接{age}", "bad" if waited >= TOO_LONG else "soon", "person-x"


def matter(ticket: Ticket) -> str:
    """Write what a ticket is about for whoever only sees a line of it: of a lane no more."""
    if ticket.lane:
        return lane_name(ticket.lane)
    return topic_name(ticket.topic) if ticket.topic != NO_TOPIC else "还没分清"


def draft_name(kind: str) -> str:
    """Write which box a draft stands in."""
    return DRAFTS.get(kind.partition(".")[0], "没发的字")
