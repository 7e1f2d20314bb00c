"""Whether the service did the right thing: dangers seen, actions taken, answers given."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.contracts import Action, Intent
from bot.conversation.intents.policy_question import MOST_OFFERED
from bot.evaluation.cases import Case
from bot.evaluation.labelled import Message
from bot.evaluation.labels import having
from bot.evaluation.shares import Share, share

EXPECTED = {
    Intent.HELP_REQUEST: Action.TICKET,
    Intent.DISPUTE: Action.TICKET,
    Intent.FEEDBACK_COMPLAINT: Action.TICKET,
    Intent.HUMAN_HANDOFF: Action.HANDOFF,
    Intent.TICKET_STATUS: Action.STATUS,
    Intent.GREETING: Action.CHAT,
    Intent.THANKS: Action.CHAT,
    Intent.OUT_OF_SCOPE: Action.CHAT,
}
ANSWERABLE = "question, answerable"
UNANSWERABLE = "question, unanswerable"


@dataclass(frozen=True, slots=True)
class CrisisRates:
    """How well danger is seen, by what was done: the crisis reply and an urgent ticket."""

    recall: Share
    false_alarms: Share
    """Over all messages that are no crisis."""
    false_alarms_hard: Share | None
    """Over those that look like one."""


@dataclass(frozen=True, slots=True)
class Done:
    """What was done where one thing was right."""

    right: Share
    done: dict[str, int]
    """How often each action was taken."""


@dataclass(frozen=True, slots=True)
class ActionRates:
    """How often the right thing was done."""

    accuracy: Share
    by_expected: dict[str, Done]
    unjudged: int
    """Policy questions of which nobody said whether, and by which entry, they are answered."""


@dataclass(frozen=True, slots=True)
class AnswerRates:
    """How well questions are answered, over some of the messages."""

    hit_at_1: Share
    """Of the answerable: an entry that answers it stands first."""
    hit_at_3: Share
    answered: Share
    """Of all: an answer was sent, alone or beside a ticket."""
    precision: Share
    """Of the answers: of an entry that answers it."""
    coverage: Share
    """Of the answerable: an answer was sent."""
    rightly: Share
    """Of the answerable: a right answer was sent."""
    anyway: Share
    """Of the unanswerable: an answer was sent all the same."""
    offers: Share
    """Of the offers to answerable messages: a right entry is among them."""


def crisis_rates(cases: Sequence[Case]) -> CrisisRates:
    """Judge what was done about danger."""
    calm = [case for case in cases if not case.message.is_crisis]
    hard = [_alarmed(case) for case in calm if case.message.hard_negative]
    return CrisisRates(
        recall=share(_alarmed(case) for case in cases if case.message.is_crisis),
        false_alarms=share(_alarmed(case) for case in calm),
        false_alarms_hard=share(hard) if having(cases, "hard_negative") else None,
    )


def action_rates(cases: Sequence[Case]) -> ActionRates:
    """Judge the actions, by what the definition of the intents expects."""
    known: dict[str, list[Case]] = {}
    for case in cases:
        wanted = expected(case.message)
        if wanted is not None:
            known.setdefault(wanted, []).append(case)
    judged = [case for group in known.values() for case in group]
    return ActionRates(
        accuracy=share(acted_rightly(case) for case in judged),
        by_expected={name: _done(group) for name, group in known.items()},
        unjudged=len(cases) - len(judged),
    )


def expected(message: Message) -> str | None:
    """Return the action that is right, or what kind of question it is; None: nobody said."""
    if message.is_crisis:
        return Action.CRISIS
    if message.intent is not Intent.POLICY_QUESTION:
        return EXPECTED[message.intent]
    if message.answerable is None:
        return None
    if message.answerable:
        return ANSWERABLE if message.gold else None
    return UNANSWERABLE


def acted_rightly(case: Case) -> bool:
    """Say whether the action is right; a wrong answer or offer is a wrong action."""
    seen, wanted = case.seen, expected(case.message)
    if wanted == ANSWERABLE:
        answered = seen.action == Action.ANSWER and _answers_it(case)
        return answered or (seen.action == Action.OFFER and _hit(case, MOST_OFFERED))
    if wanted == UNANSWERABLE:
        return seen.action in {Action.OFFER, Action.DECLINE} and not seen.answers
    return seen.action == wanted


def answer_rates(cases: Sequence[Case]) -> AnswerRates | None:
    """Judge the answers to *cases*; None where nobody said which entries answer them."""
    known = [case for case in cases if _is_known(case.message)]
    if not known:
        return None
    able = [case for case in known if case.message.answerable]
    given = [case for case in known if case.seen.answers]
    offers = [case for case in able if case.seen.action == Action.OFFER]
    return AnswerRates(
        hit_at_1=share(_hit(case, 1) for case in able),
        hit_at_3=share(_hit(case, 3) for case in able),
        answered=share(bool(case.seen.answers) for case in known),
        precision=share(_answers_it(case) for case in given),
        coverage=share(bool(case.seen.answers) for case in able),
        rightly=share(_answers_it(case) for case in able),
        anyway=share(bool(case.seen.answers) for case in known if not case.message.answerable),
        offers=share(_hit(case, MOST_OFFERED) for case in offers),
    )


def answered_wrongly(case: Case) -> bool:
    """Say whether an answer was sent that does not answer the message."""
    return _is_known(case.message) and bool(case.seen.answers) and not _answers_it(case)


def _done(cases: Sequence[Case]) -> Done:
    actions = Counter(str(case.seen.action) for case in cases)
    return Done(share(acted_rightly(case) for case in cases), dict(actions.most_common()))


def _is_known(message: Message) -> bool:
    """Whether somebody said that nothing answers it, or what does."""
    return message.answerable is False or (message.answerable is True and bool(message.gold))


def _alarmed(case: Case) -> bool:
    return case.seen.action == Action.CRISIS


def _answers_it(case: Case) -> bool:
    right = case.message.gold if case.message.answerable else frozenset()
    return bool(case.seen.answers) and case.seen.answers.keys() <= right


def _hit(case: Case, first: int) -> bool:
    return not case.message.gold.isdisjoint(case.seen.hits[:first])
