"""Opening a ticket from a turn, and telling the resident about it."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from bot import wording
from bot.contracts import Intent, Urgency
from bot.conversation.turn import Tools, Turn
from bot.people.areas import exactness, find_area, within
from bot.tickets import hours, moves
from bot.tickets.lookup import Present
from bot.tickets.opening import Opened, open_ticket
from bot.tickets.resident_moves import follow_up
from bot.tickets.tables import Ticket


def open_for(
    session: Session,
    turn: Turn,
    tools: Tools,
    intent: Intent,
    urgency: Urgency | None = None,
    *,
    facts: Mapping[str, object] | None = None,
) -> Opened:
    """Open a ticket for this turn, or add the turn to the resident's live one."""
    understanding = turn.reading.understanding
    return open_ticket(
        session,
        resident=turn.resident,
        intent=intent,
        urgency=urgency or understanding.urgency,
        topic=understanding.topic,
        text=turn.text,
        facts={**understanding.entities, **(facts or {})},
        area_code=_area(turn),
        now=turn.now,
        settings=tools.settings,
        found=Present(turn.ticket, turn.resolved),
    )


def go_on_with(session: Session, turn: Turn, tools: Tools, before: Ticket) -> Opened:
    """Go on with a done ticket; where that is too long ago, in a new one."""
    if moves.take_up_again(session, before, now=turn.now, settings=tools.settings):
        return Opened(before, created=False, raised=False, again=True)
    opened = open_for(session, turn, tools, Intent(before.intent))
    if opened.created and opened.ticket.parent_id is None:
        opened.ticket.parent_id = before.id
        follow_up(session, opened.ticket, before, now=turn.now)
    return opened


def went_on(session: Session, opened: Opened, turn: Turn, tools: Tools) -> str:
    """Say in which ticket a done matter goes on, and until when somebody answers."""
    ticket = opened.ticket
    if opened.again or ticket.parent_id is None:
        return acknowledge(session, wording.TAKEN_UP_AGAIN, ticket, turn, tools)
    before = session.get_one(Ticket, ticket.parent_id)
    text = wording.FOLLOWED_UP.replace("{before}", before.number)
    return acknowledge(session, text, ticket, turn, tools)


def promise(ticket: Ticket, turn: Turn, tools: Tools) -> str:
    """Return the promised time in words: 明天下午5点."""
    return hours.promise(ticket.reply_due_at, turn.now, settings=tools.settings)


def acknowledge(session: Session, text: str, ticket: Ticket, turn: Turn, tools: Tools) -> str:
    """Fill in number and promised time; outside working hours say when people are back."""
    filled = text.format(number=ticket.number, promise=promise(ticket, turn, tools))
    place = ticket.organisation_id
    office = hours.office(session, tools.settings, organisation_id=place)
    if ticket.urgency == Urgency.CRISIS or hours.is_open(turn.now, office=office):
        return filled
    opens = hours.opens(turn.now, office=office)
    return f"{filled}\n{wording.OFF_HOURS.format(opens=opens)}"


def _area(turn: Turn) -> str:
    """The most exact place of this message, else where the resident belongs."""
    entities = turn.reading.understanding.entities
    # A township's official name tells its county, which its name alone does not.
    names = [*entities.get("place_name", []), *entities.get("place", [])]
    found = [find_area(name) for name in names]
    named, home = max(filter(None, found), key=exactness, default=""), turn.resident.area_code
    # Whoever names their own county is still of the village whose code they scanned.
    return home if not named or within(home, named) else named
