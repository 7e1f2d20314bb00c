"""The order in which a turn is decided: danger first, then who speaks, then what was meant."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from bot import wording, wording_talk
from bot.contracts import Action, Intent, Urgency
from bot.conversation import agreeing, choices, shared_phone, way_out
from bot.conversation.commands import command
from bot.conversation.events import EVENTS
from bot.conversation.followup import follow_up, moved_on
from bot.conversation.going_on import after_offer
from bot.conversation.intents.crisis import crisis
from bot.conversation.intents.dispute import dispute
from bot.conversation.intents.feedback_complaint import feedback_complaint
from bot.conversation.intents.greeting import greeting
from bot.conversation.intents.help_request import help_request
from bot.conversation.intents.human_handoff import human_handoff
from bot.conversation.intents.out_of_scope import out_of_scope
from bot.conversation.intents.policy_question import bare_word, policy_question
from bot.conversation.intents.thanks import thanks
from bot.conversation.intents.ticket_status import ticket_status
from bot.conversation.languages import other_language
from bot.conversation.locality import home_told, place_told
from bot.conversation.pending import answer_to_question
from bot.conversation.small_talk import small_talk
from bot.conversation.tables import Speaker
from bot.conversation.turn import SILENCE, Handler, Outcome, Tools, Turn, say
from bot.conversation.without_words import KINDS
from bot.tickets import moves
from bot.understanding.crisis import CLASSIFIER
from bot.understanding.scripts import EMOJI, foreign_script

PLEASED = frozenset("🙏👍👌🌹😊🙂😄❤💐🤝👏💪\ufe0f ")
"""Thanks and yes, in pictures."""
INTENTS: dict[Intent, Handler] = {
    Intent.POLICY_QUESTION: policy_question,
    Intent.HELP_REQUEST: help_request,
    Intent.DISPUTE: dispute,
    Intent.CRISIS: crisis,
    Intent.HUMAN_HANDOFF: human_handoff,
    Intent.TICKET_STATUS: ticket_status,
    Intent.FEEDBACK_COMPLAINT: feedback_complaint,
    Intent.GREETING: greeting,
    Intent.THANKS: thanks,
    Intent.OUT_OF_SCOPE: out_of_scope,
}


def decide(session: Session, turn: Turn, tools: Tools) -> Outcome:
    """Decide the turn, write what follows from it, and return what to say."""
    lane = turn.ticket.lane if turn.ticket else ""
    answered = turn.conversation.last_answer_id
    outcome = agreeing.with_questions(session, turn, _decide(session, turn, tools))
    outcome = way_out.beside(session, turn, outcome)
    if turn.conversation.last_answer_id == answered and moved_on(outcome):
        turn.conversation.last_answer_id = None
    outcome = shared_phone.kept_quiet(turn, shared_phone.with_hint(turn, outcome, lane))
    if turn.ticket is not None and outcome.ticket is turn.ticket:
        moves.resident_wrote(session, turn.ticket, now=turn.now, settings=tools.settings)
    return outcome


def _decide(session: Session, turn: Turn, tools: Tools) -> Outcome:
    if turn.reading.understanding.urgency == Urgency.CRISIS and not _somebody_reads_it(turn):
        return crisis(session, turn, tools)
    if turn.inbound.kind.startswith("event."):
        handler = EVENTS.get(turn.inbound.kind)
        return handler(session, turn, tools) if handler else Outcome(Action.CHAT, SILENCE)
    for way in (shared_phone.asked, agreeing.answered):
        if told := way(session, turn):
            return told
    if turn.conversation.speaker == Speaker.PERSON and turn.ticket is not None:
        return Outcome(Action.TICKET, SILENCE, ticket=turn.ticket)
    if not turn.text.strip():
        return _without_words(session, turn, tools)
    return _words(session, turn, tools)


def _somebody_reads_it(turn: Turn) -> bool:
    """
    Say whether to leave a crisis to the person who is speaking.

    The classifier takes scraps of a talk between two people for alarms; only a
    rule, which sees the danger in the words themselves, breaks in on them.
    """
    sign = turn.reading.crisis
    person_speaks = turn.conversation.speaker == Speaker.PERSON and turn.ticket is not None
    return person_speaks and (sign is None or sign.rule == CLASSIFIER)


def _without_words(session: Session, turn: Turn, tools: Tools) -> Outcome:
    handler = KINDS.get(turn.inbound.kind)
    if handler:
        return handler(session, turn, tools)
    return Outcome(Action.CHAT, say(wording.NOTHING_SAID), ticket=turn.ticket)


def _words(session: Session, turn: Turn, tools: Tools) -> Outcome:
    for way in WAYS:
        outcome = way(session, turn, tools)
        if outcome:
            return outcome
    return INTENTS[turn.reading.understanding.intent](session, turn, tools)


def _command(session: Session, turn: Turn, tools: Tools) -> Outcome | None:
    meant = command(turn.text)
    if meant:
        return meant(session, turn, tools)
    if choices.number(turn.text) is not None and turn.ticket is None:
        return Outcome(Action.CHAT, say(wording.NOTHING_SAID))
    return None


def _unreadable(session: Session, turn: Turn, tools: Tools) -> Outcome | None:
    script = foreign_script(turn.text)
    if script == EMOJI:
        pleased = not set(turn.text) - PLEASED
        words = wording_talk.SMALL_TALK["acknowledged"] if pleased else wording_talk.EMOJI_SEEN
        return Outcome(Action.CHAT, say(words), ticket=turn.ticket)
    return other_language(session, turn, tools, script) if script else None


WAYS: tuple[Callable[[Session, Turn, Tools], Outcome | None], ...] = (
    answer_to_question,
    _command,
    _unreadable,
    home_told,
    small_talk,
    follow_up,
    bare_word,
    after_offer,
    place_told,
)
"""What is tried in turn before the intent decides."""
