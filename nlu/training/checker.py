"""Finds what is wrong with the training examples before a model learns it."""

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import yaml

from nlu.labels import NO_TOPIC, SOCIAL_INTENTS
from nlu.text import characters, fold
from nlu.training.examples import Labelled, read_examples

HERE = Path(__file__).resolve().parents[1]
_ALIKE = 0.75
_FEWEST_SHARED = 3


def unknown_labels(examples: list[Labelled], intents: set[str], topics: set[str]) -> Iterator[str]:
    """Yield each example whose labels nobody knows, or a social one with a topic."""
    for example in examples:
        if example.intent not in intents or example.topic not in topics:
            yield f"{example.intent}/{example.topic} is no known label: {example.text}"
        elif (example.intent in SOCIAL_INTENTS) != (example.topic == NO_TOPIC):
            yield f"{example.intent} cannot be about {example.topic}: {example.text}"


def near_copies(examples: list[Labelled]) -> Iterator[str]:
    """Yield each pair of nearly the same text; contradictions say so."""
    grams = [_pairs(example.text) for example in examples]
    holders: dict[str, list[int]] = defaultdict(list)
    for place, own in enumerate(grams):
        shared = Counter(other for gram in own for other in holders[gram])
        for other, count in shared.items():
            both = len(own) + len(grams[other]) - count
            if count >= _FEWEST_SHARED and count / both >= _ALIKE:
                yield _compare(examples[other], examples[place])
        for gram in own:
            holders[gram].append(place)


def thin_cells(
    examples: list[Labelled], intents: set[str], topics: set[str], *, least: int
) -> Iterator[str]:
    """Yield each intent with topic that has fewer than *least* examples."""
    counts = Counter((example.intent, example.topic) for example in examples)
    for intent in sorted(intents):
        for topic in [NO_TOPIC] if intent in SOCIAL_INTENTS else sorted(topics - {NO_TOPIC}):
            if counts[intent, topic] < least:
                yield f"{intent}/{topic}: {counts[intent, topic]}"


def main(arguments: list[str] | None = None) -> int:
    """Print what was found; the status is 1 when something must be mended."""
    options = _options(arguments)
    examples = read_examples(options.data)
    intents = set(_read(HERE / "domain.yml")["intents"])
    topics = set(_read(HERE / "topics.yml"))
    messages = [example for example in examples if example.evidence != "topic"]
    wrong = [*unknown_labels(examples, intents, topics), *near_copies(examples)]
    thin = list(thin_cells(messages, intents, topics, least=options.least))
    print(f"nlu: {len(messages)} messages, {len(examples) - len(messages)} card wordings")
    print("\n".join(wrong) or "nlu: no copies, no contradictions")
    print(f"nlu: {len(thin)} cells under {options.least}: {', '.join(thin) or 'none'}")
    return 1 if wrong else 0


def _compare(one: Labelled, two: Labelled) -> str:
    same = (one.intent, one.topic) == (two.intent, two.topic)
    kind = "copy" if same else f"{one.intent}/{one.topic} against {two.intent}/{two.topic}"
    return f"{kind}: {one.text} | {two.text}"


def _pairs(text: str) -> set[str]:
    signs = ["", *characters(fold(text)), ""]
    return {left + right for left, right in pairwise(signs)}


def _read(path: Path) -> dict[str, list[str]]:
    return yaml.safe_load(path.read_text("utf-8"))


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="nlu/lint.py", description=__doc__)
    parser.add_argument("--data", type=Path, default=HERE / "data")
    parser.add_argument("--least", type=int, default=6, help="examples wanted in each cell")
    return parser.parse_args(arguments)
