"""What residents do when something arrives on their phones."""

from datetime import timedelta
from functools import partial

from bot import wording
from bot.simulation.month import Month
from bot.simulation.scenario import first_messages, is_silent, name_of

ASKS = wording.OUTCOME.rpartition("\n")[2]
"""How the question after an outcome begins its last line."""
SIGNED = "社工"
AGAIN, WITHDRAWS, YES, NO = "没解决", "撤销", "1", "2"


def write_all(month: Month) -> None:
    """Let everybody write what they write of their own accord."""
    for written in first_messages(month.scenario, month.script):
        month.at(written.at, partial(month.writes, name_of(written.resident), written.text))


def listen(month: Month) -> None:
    """Let residents react to what arrived since the last time; some never do."""
    heard, month.ledger.heard = month.ledger.heard, []
    for openid, text in heard:
        if is_silent(openid):
            continue
        if ASKS in text:
            _answers_outcome(month, openid)
        elif SIGNED in text and month.happens("resident_adds"):
            _writes(month, openid, _more(month), minutes=(5, 300))
        elif SIGNED in text and month.happens("resident_withdraws"):
            _writes(month, openid, WITHDRAWS, minutes=(5, 60))
            _writes(month, openid, YES, minutes=(61, 70))


def _answers_outcome(month: Month, openid: str) -> None:
    drawn = month.chance.random()
    solved = month.script["behaviour"]["says_solved"]
    if drawn < solved:
        _writes(month, openid, YES, minutes=(10, 1500))
        if month.happens("resident_comes_back"):
            _writes(month, openid, AGAIN, minutes=(1600, 30000))
    elif drawn < solved + month.script["behaviour"]["says_unsolved"]:
        _writes(month, openid, NO, minutes=(10, 1500))


def _writes(month: Month, openid: str, text: str, *, minutes: tuple[int, int]) -> None:
    later = month.clock.at + timedelta(minutes=month.chance.randrange(*minutes))
    month.at(later, partial(month.writes, openid, text))


def _more(month: Month) -> str:
    """Say some more about what was written before."""
    rows = [row for row in month.script["messages"] if row.get("goes_on")]
    text: str = month.chance.choice(month.chance.choice(rows)["texts"])
    return f"{text}〔{month.chance.randrange(1000)}〕"
