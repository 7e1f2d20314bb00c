"""What residents asked the knowledge base, kept for an editor to look over: no word twice."""

from bot.contracts import Action
from bot.conversation.turn import Outcome, Turn
from bot.knowledge.tokens import bare
from bot.knowledge.wordings import SHORTEST
from bot.tickets.lanes import lane_of

MOST_SHOWN = 3
_LOOKED_FOR = frozenset({Action.ANSWER, Action.OFFER, Action.DECLINE})


def note_asked(turn: Turn, outcome: Outcome) -> None:
    """
    Note which entries a question led to, in the row of its message.

    Not of a number or a place that goes back to one, of several questions in one (kept as a way
    to ask for one entry it would answer the next such message with that alone), of a phone that
    others look at, nor of what a person must read soon or only somebody who is cleared.
    """
    meant = turn.reading.understanding
    one = turn.finding.several == 1 and not turn.instead
    plain = one and not turn.pressing and len(bare(turn.text)) >= SHORTEST
    if not plain or outcome.action not in _LOOKED_FOR or turn.resident.discretion:
        return
    if not lane_of(turn.text, facts=meant.entities, topic=meant.topic, urgency=meant.urgency):
        turn.inbound.shown = " ".join(hit.entry_id for hit in outcome.hits[:MOST_SHOWN])
