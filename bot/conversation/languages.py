"""Messages in a script or language that the machine cannot read: to a person who may."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from bot import wording
from bot.contracts import Action, Intent
from bot.conversation.ticketing import acknowledge, open_for
from bot.conversation.turn import Outcome, Tools, Turn, say
from bot.knowledge.topics import NO_TOPIC
from bot.understanding.scripts import Script, foreign_script, load_languages


def other_language(session: Session, turn: Turn, tools: Tools, script: str) -> Outcome:
    """Give the message to a caseworker who reads it, and say so in Chinese and in its script."""
    known = load_languages().scripts[script]
    # What the classifier makes of letters it never saw is no topic to be routed by.
    blind = replace(turn.reading.understanding, topic=NO_TOPIC, topics=())
    turn = replace(turn, reading=replace(turn.reading, understanding=blind))
    facts = language_facts(turn.text)
    opened = open_for(session, turn, tools, Intent.HUMAN_HANDOFF, facts=facts)
    lines = [acknowledge(session, wording.LANGUAGE, opened.ticket, turn, tools)]
    if known.line:
        lines.append(known.line.format(number=opened.ticket.number))
    return Outcome(Action.HANDOFF, say("\n".join(lines)), ticket=opened.ticket)


def in_danger(text: str) -> str:
    """Return the first words in a crisis in the language of *text*, if anybody checked some."""
    script = _script(text)
    return script.crisis if script else ""


def language_facts(text: str) -> Mapping[str, object]:
    """Return what a ticket is to know of the language of *text*; nothing for Chinese."""
    script = _script(text)
    return {"script": script.name, "languages": list(script.reads)} if script else {}


def _script(text: str) -> Script | None:
    return load_languages().scripts.get(foreign_script(text) or "")
