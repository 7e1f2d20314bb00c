"""What stands in the composer: how much may be said, and what can be put in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

from bot.people.tables import Resident
from bot.replies import grounds, phrases
from bot.replies.filling import fill
from bot.replies.grounds import Insert
from bot.replies.phrases import Phrase
from bot.replies.reach import reach
from bot.replies.reserve import room
from bot.tickets.tables import Ticket
from handlers.console.display import local
from handlers.console.session import db, me, tools
from handlers.console.talk_words import budget_words

LONGEST_SEARCH = 60
SHOWN_ANSWERS = 4


@dataclass(frozen=True, slots=True)
class Ready:
    """A phrase with its gaps filled in for this ticket."""

    phrase: Phrase
    text: str


@dataclass(frozen=True, slots=True)
class Picks:
    """What can be put into a reply."""

    words: str
    phrases: Sequence[Ready]
    answers: Sequence[Insert]


def composer(ticket: Ticket, resident: Resident) -> dict[str, Any]:
    """Return what the composer says of the messages that are left."""
    settings, now = tools().settings, tools().now()
    left = room(db(), resident.id, now=now, limit_bytes=settings.wechat.text_bytes)
    return {
        "room": left,
        "budget": budget_words(left, now),
        "ways": reach(db(), resident, settings=settings, now=now),
        "careful": ticket.urgency != "crisis",
    }


def picks(ticket: Ticket, resident: Resident, words: str) -> Picks:
    """Return the phrases and policy answers that these words find; no words: the usual phrases."""
    words = words.strip()[:LONGEST_SEARCH]
    answers = grounds.find(
        db(), tools().search, words, area=resident.area_code, today=local(tools().now()).date()
    )
    found = [ready(phrase, ticket) for phrase in phrases.search(db(), me(), words)]
    return Picks(words, found, answers[:SHOWN_ANSWERS])


def ready(phrase: Phrase, ticket: Ticket) -> Ready:
    """Return the phrase as it is inserted into a reply on this ticket."""
    filled = fill(
        phrase.text, ticket=ticket, staff=me(), now=tools().now(), settings=tools().settings
    )
    return Ready(phrase, filled)


def chosen(ticket: Ticket, resident: Resident, what: str) -> tuple[str, str]:
    """
    Return the text of what was chosen, `phrase:7` or `answer:card-3`, and its mark in the form.

    Raises:
        NotFoundError: it is gone, or not for this person.
    """
    kind, _, key = what.partition(":")
    if kind == "phrase":
        return ready(phrases.get(db(), me(), key), ticket).text, f"p{key}"
    today = local(tools().now()).date()
    found = grounds.get(db(), tools().search, key, area=resident.area_code, today=today)
    return found.text, f"a{found.version_id}"


def inserted(kind: str) -> list[str]:
    """Return the marks of one kind that the form carries: what was put into the reply."""
    marks = request.form.get("inserted", "").split(",")
    return [mark[1:] for mark in marks if mark.startswith(kind) and len(mark) > 1]
