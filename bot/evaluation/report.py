"""All figures over one file of labelled messages, with what could not be figured out."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.contracts import Intent
from bot.evaluation.cases import Case
from bot.evaluation.deeds import (
    ActionRates,
    AnswerRates,
    CrisisRates,
    action_rates,
    answer_rates,
    crisis_rates,
)
from bot.evaluation.entities import KINDS, Found, comparable, find_rates
from bot.evaluation.labelled import Labelled, Message
from bot.evaluation.labels import (
    IntentRates,
    TopicRates,
    UrgencyRates,
    having,
    intent_rates,
    topic_rates,
    urgency_rates,
)
from bot.evaluation.mistakes import Mistake, mistakes
from bot.evaluation.shares import Percentiles, Share, percentiles, share

NEEDED = {
    "topic": "the topic figures",
    "urgency": "the urgency figures; a crisis is one by its intent",
    "gold_fact_ids": "hits and the precision of answers",
    "entities": "the entity figures",
}
"""What a line without the field is left out of."""
OPTIONAL = {
    "second_intent": "the figures of the second intent",
    "hard_negative": "false alarms over hard negatives",
    "rambling": "the figures over rambling messages",
}
"""What is left out where no line has the field; where some have it, the others mean no."""
MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Answers:
    """How well messages are answered."""

    policy_questions: AnswerRates | None
    all_messages: AnswerRates | None


@dataclass(frozen=True, slots=True)
class Running:
    """How fast it went, and what read the messages."""

    line_ms: Percentiles
    nlu_ms: Percentiles
    """Of the NLU's call alone, where it answered."""
    with_vector: Share
    """For how many the NLU gave a sentence vector."""
    by_standin: int


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that is measured; a part is None where no line has the fields it needs."""

    messages: int
    warnings: tuple[str, ...]
    """Why the figures do not show the service as it should be."""
    left_out: tuple[str, ...]
    """What is missing in the figures for want of labels."""
    intent: IntentRates
    topic: TopicRates | None
    urgency: UrgencyRates | None
    crisis: CrisisRates
    action: ActionRates
    answers: Answers
    entities: dict[str, Found] | None
    running: Running
    mistakes: list[Mistake]

    def as_json(self) -> dict[str, Any]:
        """Return it as what `json` can write."""
        return asdict(self)


def judge(
    cases: Sequence[Case], labelled: Labelled, *, entries: frozenset[str], topics: frozenset[str]
) -> Report:
    """Judge *cases*, of messages in *labelled*, against the *entries* and *topics* there are."""
    questions = [case for case in cases if case.message.intent is Intent.POLICY_QUESTION]
    messages = [case.message for case in cases]
    return Report(
        messages=len(cases),
        warnings=tuple(_warnings(cases, entries, topics)),
        left_out=tuple(_left_out(messages, labelled.unread)),
        intent=intent_rates(cases),
        topic=topic_rates(cases),
        urgency=urgency_rates(cases),
        crisis=crisis_rates(cases),
        action=action_rates(cases),
        answers=Answers(answer_rates(questions), answer_rates(cases)),
        entities=_entities(cases),
        running=_running(cases),
        mistakes=mistakes(cases),
    )


def _entities(cases: Sequence[Case]) -> dict[str, Found] | None:
    known = having(cases, "entities")
    pairs = [(case.message.entities, comparable(case.seen.understood.entities)) for case in known]
    return find_rates(pairs) if known else None


def _running(cases: Sequence[Case]) -> Running:
    return Running(
        line_ms=percentiles(case.seen.ms for case in cases),
        nlu_ms=percentiles(case.seen.nlu_ms for case in cases if case.seen.nlu_ms is not None),
        with_vector=share(case.seen.has_vector for case in cases),
        by_standin=sum(case.seen.by_standin for case in cases),
    )


def _warnings(
    cases: Sequence[Case], entries: frozenset[str], topics: frozenset[str]
) -> Iterator[str]:
    standin = sum(case.seen.by_standin for case in cases)
    if standin:
        yield (
            f"{standin} of {len(cases)} messages were read by the stand-in, as the NLU gave no"
            " answer in time: these are not the figures of the NLU"
        )
    gold = {one for case in cases for one in case.message.gold}
    yield from _strangers("gold_fact_ids", "entries of data/knowledge/cards.jsonl", gold - entries)
    named = {case.message.topic for case in having(cases, "topic")}
    yield from _strangers("topic", "topics of data/topics.yaml", named - topics)


def _strangers(field: str, what: str, strangers: set[str]) -> Iterator[str]:
    if strangers:
        some = ", ".join(sorted(strangers)[:MOST_NAMED])
        yield f"{field}: {len(strangers)} are no {what} and can never be hit: {some}"


def _left_out(messages: Sequence[Message], unread: Sequence[str]) -> Iterator[str]:
    for field, what in NEEDED.items():
        without = sum(field not in message.given for message in messages)
        if without:
            yield f"{field}: {without} of {len(messages)} lines have none, left out of {what}"
    for field, what in OPTIONAL.items():
        if not any(field in message.given for message in messages):
            yield f"{field}: no line has it, {what} are left out"
    kinds = {kind for message in messages for kind in message.entities}
    if kinds and kinds < set(KINDS):
        unlabelled = ", ".join(kind for kind in KINDS if kind not in kinds)
        yield f"entities: no line is labelled with {unlabelled}, left out"
    if unread:
        yield f"fields that nothing here reads: {', '.join(unread)}"
