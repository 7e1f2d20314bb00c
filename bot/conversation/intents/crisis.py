"""Somebody is, or may soon be, in danger."""

from sqlalchemy.orm import Session

from bot import wording
from bot.contracts import Action, Intent, Urgency
from bot.conversation.languages import in_danger, language_facts
from bot.conversation.ticketing import open_for
from bot.conversation.turn import Outcome, Tools, Turn, expect, say
from bot.understanding.crisis import CLASSIFIER, FIRST_WORDS, CrisisKind

ASKS_IF_SAFE = {CrisisKind.VIOLENCE, CrisisKind.CHILD_ABUSE, CrisisKind.SEXUAL}


def crisis(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Give the right numbers at once and open, or raise to, an urgent ticket."""
    sign = turn.reading.crisis
    kind = sign.kind if sign else CrisisKind.OTHER
    known = _known(turn, kind)
    opened = open_for(
        session, turn, tools, Intent.CRISIS, Urgency.CRISIS, facts=language_facts(turn.text)
    )
    if known:
        text = wording.CRISIS_MORE.format(number=opened.ticket.number)
        return Outcome(Action.CRISIS, say(text), ticket=opened.ticket, hits=turn.finding.hits)
    text = FIRST_WORDS[kind]
    if kind in ASKS_IF_SAFE:
        expect(turn, "safe", tools, ticket=opened.ticket.id)
    text = "\n".join(part for part in (text, in_danger(turn.text)) if part)
    number = wording.CRISIS_NUMBER.format(number=opened.ticket.number)
    return Outcome(
        Action.CRISIS,
        say(f"{text}\n{number}"),
        ticket=opened.ticket,
        hits=turn.finding.hits,
    )


def _known(turn: Turn, kind: CrisisKind) -> bool:
    """Say whether it only tells more of a danger that has had its first words: 他78了有痴呆."""
    sign, ticket = turn.reading.crisis, turn.ticket
    by_rule = sign is not None and sign.rule != CLASSIFIER
    known = ticket is not None and ticket.urgency == Urgency.CRISIS
    return known and kind is CrisisKind.OTHER and not by_rule and not in_danger(turn.text)
