"""Whether a few words lean on what was asked or answered before them."""

import re
from collections.abc import Collection

from bot.contracts import Action, Intent
from bot.conversation.ellipsis import LONGEST, is_circumstance
from bot.conversation.turn import Turn
from bot.knowledge.tokens import bare
from bot.knowledge.topics import NO_TOPIC

SURE_TOPIC = 0.7
"""From here on, a message of another topic is a question of its own."""
SURE_OF_NOTHING = 0.8
"""From here on, what is none of our business is told so."""
MATTERS = frozenset({Intent.HELP_REQUEST, Intent.DISPUTE})
MAY_LEAN = frozenset({Intent.POLICY_QUESTION, Intent.OUT_OF_SCOPE, *MATTERS})
_CHEERS = re.compile("^(好|谢|嗯|哦|行|可以)")
_ASKS = re.compile(
    "[吗嘛么不没呢?？]$|怎么|咋|几|多少|多久|好多|哪|什么|啥|谁|问"
    "|能不能|给可以|可不可以|要不要|是不是|有没|给有"
)


def asks(text: str) -> bool:
    """Say whether a text asks anything; what only tells belongs to the matter in hand."""
    return _ASKS.search(text.strip(" 。.！!~～")) is not None


def may_lean(turn: Turn) -> bool:
    """Say whether the message may go on from a question, whatever that was about."""
    few = len(bare(turn.text)) <= LONGEST and not _CHEERS.search(turn.text)
    unanswered = turn.finding.band is not Action.ANSWER
    return few and unanswered and turn.reading.understanding.intent in MAY_LEAN


def leans(turn: Turn, topics: Collection[str]) -> bool:
    """Say whether the message goes on from a question of these *topics*."""
    meant, band = turn.reading.understanding, turn.finding.band
    if not may_lean(turn):
        return False
    if is_circumstance(turn.text):
        return True
    if meant.topic_confidence >= SURE_TOPIC and meant.topic not in {NO_TOPIC, *topics}:
        return False
    if meant.intent == Intent.OUT_OF_SCOPE and meant.confidence >= SURE_OF_NOTHING:
        return False
    return band is Action.DECLINE or meant.intent in MATTERS
