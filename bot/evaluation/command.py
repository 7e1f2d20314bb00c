"""The commands of `python -m bot evaluate`."""

import itertools
import json
import logging
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from bot.evaluation.cases import Case, run
from bot.evaluation.labelled import read_labelled
from bot.evaluation.report import judge
from bot.evaluation.table import table
from bot.knowledge.load import read_cards
from bot.knowledge.topics import load_topics
from bot.logs import configure_logs
from bot.settings import Settings
from bot.wiring import DATA

EVERY = 50


@click.group("evaluate")
def evaluate_group() -> None:
    """Measure the service on labelled examples of your own."""
    # Each message writes a line, which would bury the figures.
    configure_logs("evaluate", least=logging.WARNING)


@evaluate_group.command("messages")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object, with every mistake.")
@click.option("--limit", type=click.IntRange(min=1), help="Only the first N messages.")
@click.pass_obj
def evaluate_messages(settings: Settings, file: Path, *, as_json: bool, limit: int | None) -> None:
    """
    Send the labelled messages of FILE down the whole line and print how well it did.

    FILE has one JSON object a line: text and intent, and where known id, topic,
    urgency, gold_fact_ids, answerable, second_intent, hard_negative, rambling,
    and entities: {place, date, amount: [texts], quantity: text, amount_yuan,
    age, people_count: numbers}.  What needs a field that is missing is left out
    and named.  Each message is the first of a new resident, on the starter
    content in a throw-away database.
    """
    labelled = read_labelled(file)
    messages = list(itertools.islice(labelled.messages, limit))
    cases = list(_told(run(settings, messages), len(messages)))
    entries = frozenset(read_cards(DATA / "knowledge" / "cards.jsonl"))
    report = judge(cases, labelled, entries=entries, topics=frozenset(load_topics().keys))
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
    else:
        click.echo(table(report))


def _told(cases: Iterable[Case], number: int) -> Iterator[Case]:
    for done, case in enumerate(cases, 1):
        if done % EVERY == 0:
            click.echo(f"{done} of {number}", err=True)
        yield case
