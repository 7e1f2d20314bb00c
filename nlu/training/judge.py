"""Measures intent and topic, by cross-validation or on messages never trained on."""

import argparse
import random
from collections import Counter
from pathlib import Path

from nlu.serving import rasa_lite

rasa_lite.install()

from nlu.text import fold  # noqa: E402
from nlu.training.examples import Labelled, read_examples, read_lines, training_data  # noqa: E402
from nlu.training.pipeline import Pipeline, Settings, read_settings  # noqa: E402
from nlu.training.scores import Found, Tally  # noqa: E402

HERE = Path(__file__).resolve().parents[1]
_LONG = 60


class Judgement:
    """Tallies of intent and topic over the messages judged so far."""

    def __init__(self) -> None:
        self.intent = Tally()
        self.topic = Tally()
        self.long_intent = Tally()
        self.urgent = Found()
        self.second = Found()
        self.with_vector = 0

    def ask(self, pipeline: Pipeline, example: Labelled) -> None:
        """Parse one message and note both answers."""
        answer = pipeline.parse(example.text)
        self.intent.add(example.intent, answer["intent_ranking"])
        self.topic.add(example.topic, answer["topic_ranking"])
        if len(fold(example.text)) > _LONG:
            self.long_intent.add(example.intent, answer["intent_ranking"])
        if example.urgency != "crisis":
            self.urgent.add(
                wanted=example.urgency == "urgent", told=answer["urgency"]["name"] == "urgent"
            )
        second = answer["second"].get("name", "")
        self.second.add(wanted=bool(example.second), told=second == example.second != "")
        self.second.extra += bool(second) and second != example.second
        self.with_vector += "vector" in answer

    def lines(self) -> list[str]:
        """Return the figures, one kind of label a line."""
        intent, topic, rambling = self.intent, self.topic, self.long_intent
        return [
            f"messages {len(intent.expected)}, longer than {_LONG}: {len(rambling.expected)}",
            f"intent  {_figures(intent)}  crisis recall {intent.recall('crisis'):.3f}",
            f"intent  of the long ones: accuracy {rambling.accuracy():.3f}",
            f"topic   {_figures(topic)}  first three {topic.accuracy(within=3):.3f}",
            f"urgent  {self.urgent.line()}",
            f"second  {self.second.line()}",
            f"read with a sentence vector: {self.with_vector / len(intent.expected):.2f}",
        ]


def cross_validate(examples: list[Labelled], settings: Settings, *, folds: int) -> Judgement:
    """Judge each resident's message by a pipeline that was not shown it; cards always train."""
    cards = [example for example in examples if example.evidence == "topic"]
    messages = [example for example in examples if example.evidence != "topic"]
    random.Random(0).shuffle(messages)  # noqa: S311
    messages.sort(key=lambda example: (example.intent, example.topic))
    judgement = Judgement()
    for fold_number in range(folds):
        pipeline = Pipeline(settings)
        seen = [m for place, m in enumerate(messages) if place % folds != fold_number]
        pipeline.train(training_data(cards + seen))
        for unseen in messages[fold_number::folds]:
            judgement.ask(pipeline, unseen)
    return judgement


def judge_files(
    examples: list[Labelled], settings: Settings, paths: list[Path]
) -> dict[str, Judgement]:
    """Judge the messages of each of *paths* by a pipeline trained on all *examples*."""
    pipeline = Pipeline(settings)
    pipeline.train(training_data(examples))
    judged = {path.name: Judgement() for path in paths}
    for path in paths:
        for message in read_lines(path):
            judged[path.name].ask(pipeline, message)
    return judged


def main(arguments: list[str] | None = None) -> int:
    """Judge as the command line asks; return the exit status."""
    options = _options(arguments)
    examples, settings = read_examples(options.data), read_settings(options.config)
    if options.on:
        judged = judge_files(examples, settings, options.on)
    else:
        judged = {"unseen": cross_validate(examples, settings, folds=options.folds)}
    for name, judgement in judged.items():
        print("\n".join([name, *judgement.lines()]))
        for tally in (judgement.intent, judgement.topic):
            worst = Counter(tally.confusions()).most_common(options.confusions)
            print("\n".join(f"  {many:4} {right} read as {read}" for (right, read), many in worst))
    return 0


def _figures(tally: Tally) -> str:
    accuracy, error = tally.accuracy(), tally.calibration_error()
    return f"accuracy {accuracy:.3f}  macro-F1 {tally.macro_f1():.3f}  ECE {error:.3f}"


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="nlu/evaluate.py", description=__doc__)
    parser.add_argument("--data", type=Path, default=HERE / "data")
    parser.add_argument("--config", type=Path, default=HERE / "config.yml")
    parser.add_argument("--on", type=Path, nargs="+", help="labelled messages, one JSON a line")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--confusions", type=int, default=8)
    return parser.parse_args(arguments)
