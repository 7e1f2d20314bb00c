"""Consents in the chat: asked when a matter needs them, answered by 同意 or 不同意, taken back."""

from dataclasses import replace

from sqlalchemy.orm import Session

from bot import wording_personal
from bot.contracts import Action, Reply
from bot.conversation import choices
from bot.conversation.tables import Speaker
from bot.conversation.turn import SILENCE, Outcome, Turn, say
from bot.knowledge.topics import NO_TOPIC
from bot.people import consent
from bot.people.consent import Object
from bot.people.sensitive import category_of, child_writes, load_rules, of_child
from bot.privacy.tables import ConsentKind, ConsentQuestion
from bot.tickets.change import note_event
from bot.tickets.tables import Ticket

YES = frozenset({"同意", "我同意", "同意的", "都同意", "可以同意"})
NO = frozenset({"不同意", "我不同意", "都不同意"})
GUARDIAN_YES = frozenset(
    {"家长同意", "监护人同意", "大人同意", "爸妈同意", "妈妈同意", "爸爸同意"}
)
GUARDIAN_NO = frozenset({"家长不同意", "监护人不同意", "大人不同意"})
BACK = frozenset({"撤回同意", "收回同意", "取消同意"})
_SAID = {
    ConsentKind.SHARING: (wording_personal.SHARING_NO, wording_personal.SHARING_YES),
    ConsentKind.SENSITIVE: (wording_personal.SENSITIVE_NO, wording_personal.SENSITIVE_YES),
    ConsentKind.GUARDIAN: (wording_personal.GUARDIAN_NO, wording_personal.GUARDIAN_YES),
}


def answered(session: Session, turn: Turn) -> Outcome | None:
    """Write down a yes or a no to what was asked; None: the text is none, or nothing was asked."""
    said = choices.bare(turn.inbound.text)
    if said in BACK:
        return _taken_back(session, turn)
    kinds: tuple[ConsentKind, ...] = (ConsentKind.SHARING, ConsentKind.SENSITIVE)
    if said in GUARDIAN_YES | GUARDIAN_NO:
        kinds = (ConsentKind.GUARDIAN,)
    elif said not in YES | NO:
        return None
    question = consent.waiting(session, turn.resident.id, *kinds)
    if question is None:
        return None
    given = said in YES | GUARDIAN_YES
    it = consent.object_of(question)
    consent.write(
        session, turn.resident.id, it, version=question.version, given=given, now=turn.now
    )
    _note(session, turn, question.ticket_id, it, given=given)
    words = _SAID[it.kind][given]
    return Outcome(Action.CHAT, _spoken(turn, words), ticket=_own(turn, question))


def with_questions(session: Session, turn: Turn, outcome: Outcome) -> Outcome:
    """Ask, behind the answer, for what a matter that was just registered needs a yes for."""
    ticket = outcome.ticket
    if ticket is None or not outcome.reply.parts or not _may_be_new(turn):
        return outcome
    lines = [*_sensitive(session, turn, ticket), *_guardian(session, turn, ticket)]
    if not lines or outcome.action == Action.CRISIS:
        return outcome  # nobody in danger is asked for a signature; it is noted as open
    parts = outcome.reply.parts
    last = "\n\n".join([parts[-1], *lines[:1]])
    more = [*parts[:-1], last, *lines[1:]]
    return replace(outcome, reply=replace(outcome.reply, parts=tuple(more)))


def _may_be_new(turn: Turn) -> bool:
    """Say whether this message may be the first of a matter, a topic or a child."""
    meant = turn.reading.understanding
    told = meant.topic != NO_TOPIC and category_of(meant.topic, turn.text)
    return turn.ticket is None or bool(told) or of_child(meant.entities, turn.text)


def _sensitive(session: Session, turn: Turn, ticket: Ticket) -> list[str]:
    category = category_of(ticket.topic, f"{ticket.summary}\n{turn.text}")
    it = Object(ConsentKind.SENSITIVE, category, ticket_id=ticket.id)
    if not category or not _ask(session, turn, it):
        return []
    says = load_rules().sensitive[category].says
    return [wording_personal.SENSITIVE_ASK.format(says=says)]


def _guardian(session: Session, turn: Turn, ticket: Ticket) -> list[str]:
    it = Object(ConsentKind.GUARDIAN, ticket_id=ticket.id)
    if not of_child(ticket.facts, turn.text) or not _ask(session, turn, it):
        return []
    child = child_writes(turn.text)
    return [wording_personal.GUARDIAN_ASK_CHILD if child else wording_personal.GUARDIAN_ASK]


def _ask(session: Session, turn: Turn, it: Object) -> bool:
    """Note the question once for each matter; False: it was asked there, or is agreed to."""
    resident_id = turn.resident.id
    if consent.lives(session, resident_id, it):
        return False
    known = consent.questions(session, resident_id, it)
    if any(row.ticket_id == it.ticket_id for row in known):
        return False
    consent.ask(session, resident_id, it, version=load_rules().version, now=turn.now)
    return not known


def _taken_back(session: Session, turn: Turn) -> Outcome:
    live = consent.live_ones(session, turn.resident.id)
    for row in live:
        it = consent.object_of(row)
        consent.write(
            session, turn.resident.id, it, version=row.version, given=False, now=turn.now
        )
        _note(session, turn, row.ticket_id, it, given=False)
    if not live:
        return Outcome(Action.STATUS, _spoken(turn, wording_personal.CONSENT_BACK_NONE))
    kinds = dict.fromkeys(wording_personal.CONSENT_KINDS[row.kind] for row in live)
    words = wording_personal.CONSENT_BACK.format(what="、".join(kinds))
    return Outcome(Action.STATUS, _spoken(turn, words), ticket=turn.ticket)


def _note(session: Session, turn: Turn, ticket_id: int | None, it: Object, *, given: bool) -> None:
    ticket = session.get(Ticket, ticket_id) if ticket_id else None
    if ticket is not None:
        note_event(
            session, ticket, "consent", now=turn.now, text=it.to, consent=str(it.kind),
            given=given, how="chat",
        )  # fmt: skip


def _own(turn: Turn, question: ConsentQuestion) -> Ticket | None:
    live = turn.ticket
    return live if live is not None and question.ticket_id == live.id else None


def _spoken(turn: Turn, words: str) -> Reply:
    """The machine is silent while a person speaks; they see the answer on the ticket."""
    speaks = turn.conversation.speaker == Speaker.PERSON and turn.ticket is not None
    return SILENCE if speaks else say(words)
