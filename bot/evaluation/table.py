"""The report as people read it."""

from collections.abc import Iterator, Mapping

from bot.contracts import Intent
from bot.evaluation.deeds import AnswerRates
from bot.evaluation.entities import Found
from bot.evaluation.labels import LONG, IntentRates, Rates, TopicRates
from bot.evaluation.mistakes import Kind
from bot.evaluation.report import Report
from bot.evaluation.shares import Percentiles, Share

MOST_MISTAKES = 40
_NAME = 24
_CELL = 18
_NARROW = 6
_ANSWERS = {
    "hit_at_1": "hit@1 of answerable",
    "hit_at_3": "hit@3 of answerable",
    "answered": "answered by itself",
    "precision": "right among answers",
    "coverage": "answerable answered",
    "rightly": "answerable, rightly",
    "anyway": "unanswerable answered",
    "offers": "offers that hold it",
}


def table(report: Report) -> str:
    """Return the whole report as text."""
    lines = [f"{report.messages} messages"]
    lines += [f"WARNING  {warning}" for warning in report.warnings]
    lines += [f"left out  {what}" for what in report.left_out]
    for part in (_dangers, _actions, _intents, _topics, _urgencies, _answers, _entities, _running):
        lines += ["", *part(report)]
    lines += ["", *_confusions(report), "", *_mistakes(report)]
    return "\n".join(lines)


def _dangers(report: Report) -> Iterator[str]:
    crisis = report.crisis
    yield "CRISES"
    yield _row("recall", _share(crisis.recall))
    if crisis.false_alarms_hard:
        alarms = crisis.false_alarms_hard
        yield _row("false, hard negatives", _share(alarms), _one_in(alarms))
    yield _row("false, all non-crises", _share(crisis.false_alarms), _one_in(crisis.false_alarms))


def _actions(report: Report) -> Iterator[str]:
    action = report.action
    yield _row("ACTIONS", "right", "what was done")
    yield _row("all", _share(action.accuracy))
    for name, group in action.by_expected.items():
        done = ", ".join(f"{what} {number}" for what, number in group.done.items())
        yield f"{_row(name, _share(group.right))}  {done}"
    if action.unjudged:
        yield f"not judged: {action.unjudged} questions of which no line says what answers them"


def _intents(report: Report) -> Iterator[str]:
    intent = report.intent
    yield _row("INTENT", "accuracy", "macro-F1", "calibration error")
    error = _number(intent.calibration.error)
    yield _row("all", *_rates(intent.overall), error)
    yield _row(f"over {LONG} characters", *_rates(intent.long))
    if intent.rambling:
        yield _row("rambling", *_rates(intent.rambling))
    if intent.second:
        yield from _found_rows({"second intent": intent.second})


def _topics(report: Report) -> Iterator[str]:
    yield _row("TOPIC", "accuracy", "macro-F1", "calibration error")
    if report.topic is None:
        yield "no topics given"
        return
    topic = report.topic
    yield _row("all", *_rates(topic.overall), _number(topic.calibration.error))
    yield _row("those with a topic", *_rates(topic.with_topic))
    yield _row("among the first three", _share(topic.in_first_three))


def _urgencies(report: Report) -> Iterator[str]:
    yield "URGENCY"
    if report.urgency is None:
        yield "no urgencies given"
        return
    yield _row("all", _share(report.urgency.accuracy))
    for name, recall in report.urgency.recall.items():
        yield _row(f"recall of {name}", _share(recall))


def _answers(report: Report) -> Iterator[str]:
    questions, everything = report.answers.policy_questions, report.answers.all_messages
    yield _row("ANSWERS", "policy questions", "all messages")
    if everything is None:
        yield "no gold entries given"
        return
    for field, name in _ANSWERS.items():
        yield _row(name, _answer(questions, field), _answer(everything, field))


def _answer(rates: AnswerRates | None, field: str) -> str:
    return _share(getattr(rates, field)) if rates else "-"


def _entities(report: Report) -> Iterator[str]:
    if report.entities is None:
        yield "ENTITIES"
        yield "no entities given"
        return
    yield from _found_rows(report.entities, head="ENTITIES")


def _found_rows(found: Mapping[str, Found], head: str = "") -> Iterator[str]:
    yield _row(head, "precision", "recall", "F1")
    for name, rates in found.items():
        yield _row(name, _share(rates.precision), _share(rates.recall), _number(rates.f1))


def _running(report: Report) -> Iterator[str]:
    running = report.running
    yield _row("MILLISECONDS", "p50", "p95", "p99")
    yield _row("whole line", *_times(running.line_ms))
    yield _row("the NLU alone", *_times(running.nlu_ms))
    yield _row("with a sentence vector", _share(running.with_vector))
    yield _row("read by the stand-in", str(running.by_standin))


def _confusions(report: Report) -> Iterator[str]:
    yield from _intent_confusions(report.intent)
    if report.topic and report.topic.confusions:
        yield ""
        yield from _topic_confusions(report.topic)


def _intent_confusions(intent: IntentRates) -> Iterator[str]:
    yield "INTENTS: expected (rows), read (columns)"
    yield "".join(
        [" " * _NAME, *(name[: _NARROW - 1].rjust(_NARROW) for name in Intent), "    F1"]
    )
    for name, row in intent.confusions.items():
        cells = (str(row.get(other) or "·").rjust(_NARROW) for other in Intent)
        yield "".join([name.ljust(_NAME), *cells, _number(intent.f1[name]).rjust(_NARROW)])


def _topic_confusions(topic: TopicRates) -> Iterator[str]:
    yield "TOPICS: expected, read, how often"
    for wanted, got, number in topic.confusions:
        yield f"{wanted.ljust(_NAME)}{got.ljust(_NAME)}{number}"


def _mistakes(report: Report) -> Iterator[str]:
    """Every missed crisis is shown, however many there are."""
    found = report.mistakes
    missed = sum(one.kind is Kind.MISSED_CRISIS for one in found)
    shown = found[: max(MOST_MISTAKES, missed)]
    yield f"MISTAKES: {len(found)}, the worst first"
    for one in shown:
        what = f"{one.expected} -> {one.got}"
        yield f"{one.kind.ljust(14)}{one.id.ljust(10)} {one.confidence:.2f} {what}"
        yield f"{' ' * 14}{one.text}"
    if len(shown) < len(found):
        yield f"and {len(found) - len(shown)} more: --json has them all"


def _row(name: str, *cells: str) -> str:
    return "".join([name.ljust(_NAME), *(cell.rjust(_CELL) for cell in cells)]).rstrip()


def _rates(rates: Rates) -> tuple[str, str]:
    return _share(rates.accuracy), _number(rates.macro_f1)


def _share(one: Share) -> str:
    return f"{_number(one.rate)} ({one.hits}/{one.of})"


def _one_in(one: Share) -> str:
    return f"1 in {one.of / one.hits:.0f}" if one.hits else f"none in {one.of}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _times(times: Percentiles) -> tuple[str, ...]:
    values = (times.p50, times.p95, times.p99)
    return tuple("-" if value is None else f"{value:.0f}" for value in values)
