"""What residents do when something arrives on their phones."""

from datetime import timedelta
from functools import partial

from bot import wording
from bot.simulation.month import Month
from bot.simulation.scenario import first_messages

ASKS = wording.OUTCOME.rpartition("\n")[2]
"""How the question after an outcome begins its last line."""
SIGNED = "社工"


def name_of(number: int) -> str:
    """Return the openid of a resident."""
    return f"o-sim-{number:05d}"


def write_all(month: Month) -> None:
    """Let everybody write what they write of their own accord."""
    for written in first_messages(month.scenario, month.script):
        month.at(written.at, partial(month.writes, name_of(written.resident), written.text))


def listen(month: Month) -> None:
    """Let residents react to what arrived since the last time."""
    heard, month.ledger.heard = month.ledger.heard, []
    for openid, text in heard:
        if ASKS in text:
            _answers_outcome(month, openid)
        elif SIGNED in text and month.happens("resident_adds"):
            later = timedelta(minutes=month.chance.randrange(5, 300))
            month.at(month.clock.at + later, partial(month.writes, openid, _more(month, openid)))


def _answers_outcome(month: Month, openid: str) -> None:
    later = month.clock.at + timedelta(minutes=month.chance.randrange(10, 1500))
    drawn = month.chance.random()
    solved = month.script["behaviour"]["says_solved"]
    if drawn < solved:
        month.at(later, partial(month.writes, openid, "1"))
    elif drawn < solved + month.script["behaviour"]["says_unsolved"]:
        month.at(later, partial(month.writes, openid, "2"))


def _more(month: Month, openid: str) -> str:
    """Say some more about what was written before."""
    del openid
    rows = [row for row in month.script["messages"] if row["intent"] == "help_request"]
    text: str = month.chance.choice(month.chance.choice(rows)["texts"])
    return f"{text}〔{month.chance.randrange(1000)}〕"
