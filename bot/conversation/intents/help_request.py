"""The resident asks us to do something for them."""

from sqlalchemy.orm import Session

from bot.contracts import Intent
from bot.conversation.matter import open_matter
from bot.conversation.turn import Outcome, Tools, Turn


def help_request(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Open a ticket, tell its number, and add the cited answer where one is certain."""
    return open_matter(session, turn, tools, Intent.HELP_REQUEST)
