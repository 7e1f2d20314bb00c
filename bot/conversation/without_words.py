"""Messages without words: a picture, a place, a voice nobody has written down."""

from sqlalchemy.orm import Session

from bot import wording
from bot.contracts import Action, Intent
from bot.conversation.ticketing import acknowledge, open_for
from bot.conversation.turn import Handler, Outcome, Tools, Turn, say
from bot.people.areas import find_area


def media(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Keep it with the live matter, or ask what it is about."""
    del session, tools
    if turn.ticket is None:
        return Outcome(Action.CHAT, say(wording.MEDIA_SAVED))
    text = wording.MEDIA_ADDED.format(number=turn.ticket.number)
    return Outcome(Action.TICKET, say(text), ticket=turn.ticket)


def voice(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Give a voice that no machine understood to a person who listens."""
    if turn.ticket is not None:
        return media(session, turn, tools)
    opened = open_for(session, turn, tools, Intent.HUMAN_HANDOFF)
    text = acknowledge(session, wording.VOICE_UNHEARD, opened.ticket, turn, tools)
    return Outcome(Action.HANDOFF, say(text), ticket=opened.ticket)


def location(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Remember where the resident is."""
    area = find_area(turn.inbound.details.get("Label", ""))
    if area:
        turn.resident.area_code = area
    if turn.ticket is None:
        return Outcome(Action.CHAT, say(wording.LOCATION_SAVED))
    return media(session, turn, tools)


KINDS: dict[str, Handler] = {
    "image": media,
    "video": media,
    "shortvideo": media,
    "link": media,
    "voice": voice,
    "location": location,
}
