"""Inbound messages: stored once whatever WeChat repeats, answered once whoever dies."""

from bot.inbox.handing import HAND_OVER_WITHIN, mark_handed, never_handed
from bot.inbox.keeping import USUAL, Kept, Placing, as_kept, behind, kept, store, storing
from bot.inbox.tables import OF_STAFF, InboundMessage, ReplyVia
from bot.inbox.turns import (
    LEASE,
    LEFT_OVER_LEASE,
    Ahead,
    ahead,
    leave,
    left_over,
    next_leftover,
    take_over,
    unanswered,
)

__all__ = [
    "HAND_OVER_WITHIN",
    "LEASE",
    "LEFT_OVER_LEASE",
    "OF_STAFF",
    "USUAL",
    "Ahead",
    "InboundMessage",
    "Kept",
    "Placing",
    "ReplyVia",
    "ahead",
    "as_kept",
    "behind",
    "kept",
    "leave",
    "left_over",
    "mark_handed",
    "never_handed",
    "next_leftover",
    "store",
    "storing",
    "take_over",
    "unanswered",
]
