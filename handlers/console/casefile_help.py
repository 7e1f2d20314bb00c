"""Help from the machine beside a conversation: to be looked over, never sent by itself."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from bot.casefile import similar, topics
from bot.casefile.gist import gist
from bot.errors import NotFoundError
from bot.knowledge.topics import NO_TOPIC
from bot.people.areas import place_meant
from bot.people.tables import Resident
from bot.replies import grounds
from bot.replies.grounds import Insert
from bot.tickets import scope
from bot.tickets.tables import Ticket
from handlers.console.display import local
from handlers.console.session import db, me, tools

MOST_ENTRIES = 3
TOPIC_HOLDS = 0.8
"""That the topic of a ticket somebody works on is the right one."""


def add_routes(routes: Blueprint) -> None:
    """Add the page of what the machine suggests."""
    routes.add_url_rule("/tickets/<number>/help", "help", show)


def show(number: str) -> ResponseReturnValue:
    """Show it beside the conversation, once somebody unfolds it, or on a page of its own."""
    ticket = scope.find(db(), number, staff=me())
    part = "HX-Request" in request.headers
    template = "casefile/_help.html" if part else "casefile/help.html"
    return render_template(template, ticket=ticket, part=part, **help_page(ticket))


def help_page(ticket: Ticket) -> dict[str, Any]:
    """Return the gist of the story, likely topics, past tickets like it, entries of use."""
    told = similar.told(db(), ticket)
    words, today = "\n".join(told), local(tools().now()).date()
    return {
        "gist": gist(told),
        "hint": topics.hint(db(), tools().search, ticket, words, today=today),
        "similar": similar.of_ticket(db(), ticket, me()),
        "entries": list(_entries(ticket, words, today)),
    }


def _entries(ticket: Ticket, words: str, today: date) -> Iterator[Insert]:
    """Entries that may help, with the topic weighed in: it finds far more than words alone."""
    area = place_meant(words, db().get_one(Resident, ticket.resident_id).area_code)
    known = ((ticket.topic, TOPIC_HOLDS),) if ticket.topic != NO_TOPIC else ()
    found = tools().search.find(db(), words, topics=known, today=today, area=area)
    for hit in found.hits[:MOST_ENTRIES]:
        try:
            yield grounds.get(db(), tools().search, hit.entry_id, area=area, today=today)
        except NotFoundError:
            continue
