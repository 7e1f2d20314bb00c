"""What is marked on a ticket in a list, and what its drafts are called."""

from bot.tickets.tables import Lane, Ticket

LANES = {Lane.MINOR: "未成年人", Lane.VIOLENCE: "家暴", Lane.SEALED: "封存"}
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
        (ticket.supervised_at, "督办", "bad", "flag-fill"),
        (ticket.lane, LANES.get(Lane(ticket.lane), ""), "info", "lock"),
        (ticket.extension_pending, "延期待批", "soon", "hourglass-split"),
        (ticket.reopened, f"重开{ticket.reopened}", "soon", "arrow-counterclockwise"),
        (ticket.hand_backs, f"退单{ticket.hand_backs}", "soon", "arrow-return-left"),
        (ticket.reminded_at and unread, "催办", "soon", "bell"),
    )
    return [(text, kind, symbol) for there, text, kind, symbol in marks if there]


def draft_name(kind: str) -> str:
    """Write which box a draft stands in."""
    return DRAFTS.get(kind.partition(".")[0], "没发的字")
