"""A message that asks for several things, of which one entry answers only one."""

import re
from collections.abc import Iterator

from bot.contracts import Action
from bot.knowledge.asking import ASKS, CLAUSE_END
from bot.knowledge.confidence import Confidence
from bot.knowledge.index import Index
from bot.knowledge.ranking import CERTAIN, Ranking, rank
from bot.knowledge.tokens import bare, normalise

SURE = 0.5
"""Probability from which a part of a message is believed to ask for its first entry.  Of 499 pairs
of held-out questions of which one got its answer, and the other silence, both are offered in 327;
of 223 single questions that are answered rightly four are then offered."""
SHORTEST = 4
"""Characters of a part that asks for something of its own."""
_NEAR = 2
_CUT = re.compile(rf"{CLAUSE_END.pattern}|(?=另外|顺便|顺带|还想问|还有|再问|再就是|对了)")


def asked_for(
    index: Index, text: str, found: Ranking, band: Action, confidence: Confidence
) -> list[int]:
    """
    Return the documents (positions) that *text*, for which *found* was found, surely asks for.

    A part of which the first is the second best asks for the same in other words.
    """
    if band is Action.DECLINE or found.right >= CERTAIN:
        return []
    first = found.best[0]
    asked = [first] if band is Action.ANSWER else []
    parts = [part for part in parts_that_ask(text) if len(bare(part)) >= SHORTEST]
    for part in parts if len(parts) > 1 else ():
        ranking = rank(index, part, confidence=confidence)
        best = first if first in ranking.best[:_NEAR] else ranking.best[0]
        if ranking.right >= SURE and best not in asked:
            asked.append(best)
    return asked


def parts_that_ask(text: str) -> Iterator[str]:
    """Yield the parts of a message: each a question with what was told before it."""
    told: list[str] = []
    for clause in filter(None, _CUT.split(normalise(text))):
        told.append(clause)
        if ASKS.search(clause):
            yield " ".join(told)
            told = []
