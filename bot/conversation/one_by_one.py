"""Several things that one message asked, read one after the other from the list of them."""

from dataclasses import replace

from bot import wording
from bot.conversation.turn import Outcome, Tools, Turn, expect, expected, say
from bot.db.types import JsonObject

_LAST_LINES = (wording.MACHINE_LINE_MATTER, wording.MACHINE_LINE)


def keep_list(
    turn: Turn, tools: Tools, asked: JsonObject, answered: Outcome, *, picked: int
) -> Outcome:
    """
    Let the numbers of the list in *asked* stand for what else was asked, and say so.

    Whoever has the list before them sends 2 for the second, and no mark for the first; whether
    that was of use can still be said in words.  All read: the last answer is marked as any other.
    """
    marked = expected(turn)
    seen = {*asked.get("seen", []), picked}
    left = [str(at) for at in range(1, len(asked["entries"]) + 1) if at not in seen]
    if marked.get("kind") != "useful" or not left:
        return answered
    kept = {name: value for name, value in asked.items() if name != "kind"}
    kept |= {"seen": sorted(seen), "answer": marked["answer"]}
    expect(turn, "offer", tools, **kept)
    *before, last = answered.reply.parts
    for line in _LAST_LINES:
        last = last.removesuffix(line)
    line = wording.MACHINE_LINE_OTHERS.format(numbers="、".join(left))
    return replace(answered, reply=say(*before, last + line))
