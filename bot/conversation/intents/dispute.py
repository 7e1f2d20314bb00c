"""The resident tells of a wrong done by somebody."""

from sqlalchemy.orm import Session

from bot.contracts import Intent
from bot.conversation.matter import open_matter
from bot.conversation.turn import Outcome, Tools, Turn


def dispute(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Open a ticket, tell its number, and add the cited answer where one is certain."""
    return open_matter(session, turn, tools, Intent.DISPUTE)
