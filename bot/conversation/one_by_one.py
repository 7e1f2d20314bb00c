"""Several things that one message asked, read one after the other from the list of them."""

from bot import wording
from bot.conversation.turn import Tools, Turn, expect, expected
from bot.db.types import JsonObject


def line_of_others(asked: JsonObject, *, picked: int) -> str:
    """Return what stands below an answer picked from the list in *asked*; empty: as usual."""
    if "several" not in asked:
        return ""
    seen = _seen(asked, picked)
    left = [str(at) for at in range(1, len(asked["entries"]) + 1) if at not in seen]
    return wording.MACHINE_LINE_OTHERS.format(numbers="、".join(left)) if left else ""


def keep_list(turn: Turn, tools: Tools, asked: JsonObject, *, picked: int) -> None:
    """
    Let the numbers of the list go on to stand for what else was asked.

    Whoever has the list before them sends 2 for the second, and no mark for the first; whether
    that was of use can still be said in words.
    """
    kept = {name: value for name, value in asked.items() if name != "kind"}
    more = {"seen": _seen(asked, picked), "answer": expected(turn)["answer"]}
    expect(turn, "offer", tools, **(kept | more))


def _seen(asked: JsonObject, picked: int) -> list[int]:
    return sorted({*asked.get("seen", []), picked})
