"""Outbound messages: written with their cause, sent later, never shown as sent before they are.

WeChat has no idempotency key for them.  A worker that dies between WeChat's acceptance and our
note of it sends the message a second time; so does an answer lost on the way.  That is kept
short (the note is the next thing done) and not hidden: such a row is `doubtful`, and the
console says 可能送达两次.
"""

from bot.outbox.queue import enqueue, give_up_old, release_held, requeue
from bot.outbox.sending import Result, Sendable, Sender, claim, deliver, note_result
from bot.outbox.tables import OutboundMessage, SendState

__all__ = [
    "OutboundMessage",
    "Result",
    "SendState",
    "Sendable",
    "Sender",
    "claim",
    "deliver",
    "enqueue",
    "give_up_old",
    "note_result",
    "release_held",
    "requeue",
]
