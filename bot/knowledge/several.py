"""A message that asks for several things, of which one entry answers only one."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from bot.contracts import Action, Finding, Hit
from bot.knowledge.asking import ASKS, CLAUSE_END
from bot.knowledge.confidence import Confidence
from bot.knowledge.index import Index
from bot.knowledge.ranking import CERTAIN, rank
from bot.knowledge.tokens import bare, normalise

SURE = 0.5
"""Probability from which a part of a message is believed to ask for its first entry.  Of 499 pairs
of held-out questions of which one got its answer, and the other silence, both are offered in 327;
of 223 single questions that are answered rightly four are then offered."""
SHORTEST = 4
"""Characters of a part that asks for something of its own."""
MOST = 6
"""Parts that ask, above which a message is a letter: each costs a search."""
_NEAR = 2
_CUT = re.compile(rf"{CLAUSE_END.pattern}|(?=另外|顺便|顺带|还想问|还有|再问|再就是|对了)")

Choose = Callable[[Sequence[int]], Sequence[Hit | None]]
"""Returns what holds there and now of documents, by their positions."""


def each_asked(
    finding: Finding, index: Index, text: str, confidence: Confidence, choose: Choose
) -> Finding:
    """
    Return an offer of all that *text* surely asks for, where that is more than one thing.

    It is in the order in which it is asked for.
    """
    if finding.band is Action.DECLINE or finding.named or finding.confidence >= CERTAIN:
        return finding
    first = finding.hits[0]
    asked: dict[str, Hit] = {}
    for near in _found_surely(index, text, confidence):
        hits = choose(near)
        # Where it is the second best, the part asks for the same in other words.
        again = first.entry_id in {hit.entry_id for hit in hits if hit}
        if hit := first if again else hits[0]:
            asked.setdefault(hit.entry_id, hit)
    if finding.band is Action.ANSWER and first.entry_id not in asked:
        asked = {first.entry_id: first} | asked
    if len(asked) <= 1:
        return finding
    others = [hit for hit in finding.hits if hit.entry_id not in asked]
    hits = (*asked.values(), *others)[: max(len(finding.hits), len(asked))]
    return replace(finding, band=Action.OFFER, hits=hits, passages=(), several=len(asked))


def _found_surely(index: Index, text: str, confidence: Confidence) -> Iterator[Sequence[int]]:
    """Yield the first documents of each part, where the very first is likely the right one."""
    parts = [part for part in parts_that_ask(text) if len(bare(part)) >= SHORTEST]
    for part in parts if 1 < len(parts) <= MOST else ():
        ranking = rank(index, part, confidence=confidence)
        if ranking.right >= SURE:
            yield ranking.best[:_NEAR]


def parts_that_ask(text: str) -> Iterator[str]:
    """Yield the parts of a message: each a question with what was told before it."""
    told: list[str] = []
    for clause in filter(None, _CUT.split(normalise(text))):
        told.append(clause)
        if ASKS.search(clause):
            yield " ".join(told)
            told = []
