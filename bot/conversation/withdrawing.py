"""Taking a matter back, which is asked about first."""

from sqlalchemy.orm import Session

from bot import wording
from bot.contracts import Action
from bot.conversation.turn import Outcome, Tools, Turn, expect, say


def withdraw(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Ask whether the live matter shall really be withdrawn."""
    del session
    if turn.ticket is None:
        return Outcome(Action.STATUS, say(wording.WITHDRAW_NONE))
    expect(turn, "withdraw", tools, ticket=turn.ticket.id)
    text = wording.WITHDRAW_SURE.format(number=turn.ticket.number)
    return Outcome(Action.STATUS, say(text), ticket=turn.ticket)
