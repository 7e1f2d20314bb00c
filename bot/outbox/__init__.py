"""Outbound messages: written with their cause, sent later, never shown as sent before they are.

WeChat has no idempotency key for them.  A worker that dies between WeChat's acceptance and our
note of it sends the message a second time; so does an answer lost on the way.  That is kept
short (the note is the next thing done) and not hidden: such a row is `doubtful`, and the
console says 可能送达两次, or 可能已经送到 where it was not sent again.
"""

from bot.outbox.delivery import Result, Sendable, Sender, deliver
from bot.outbox.queue import (
    enqueue,
    enqueue_other,
    give_up_old,
    holds,
    release_held,
    written_as,
)
from bot.outbox.second_thoughts import requeue, use_last, withdraw
from bot.outbox.sending import claim, note_result, waits
from bot.outbox.tables import FILES, Kind, OutboundMessage, SendState

__all__ = [
    "FILES",
    "Kind",
    "OutboundMessage",
    "Result",
    "SendState",
    "Sendable",
    "Sender",
    "claim",
    "deliver",
    "enqueue",
    "enqueue_other",
    "give_up_old",
    "holds",
    "note_result",
    "release_held",
    "requeue",
    "use_last",
    "waits",
    "withdraw",
    "written_as",
]
