"""The commands of `python -m bot knowledge`."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import click

from bot.cli_policies import import_document
from bot.db.engine import make_engine, reading
from bot.errors import NluUnavailableError
from bot.knowledge import export
from bot.knowledge.benchmark import read_benchmark
from bot.knowledge.calibrate import calibrate, report
from bot.knowledge.confidence import load_confidence
from bot.knowledge.encode import encode, shipped_anew
from bot.knowledge.evaluate import evaluate
from bot.knowledge.examples import DATA, Encode, starter_texts
from bot.knowledge.load import read_cards
from bot.knowledge.vectors import FILE, Text, Vectors, ship
from bot.settings import Settings
from bot.understanding.client import RasaNlu
from bot.up.nlu import running_nlu

CARDS, QUESTIONS = DATA / "cards.jsonl", DATA / "questions.jsonl"
_A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_PROBE_MS = 5_000
Option = Callable[[Callable[..., Any]], Callable[..., Any]]


@click.group("knowledge")
def knowledge_group() -> None:
    """The knowledge base: how well it is found; policy documents."""


knowledge_group.add_command(import_document)


def _vectors_option() -> Option:
    return click.option(
        "--vectors/--no-vectors",
        "wanted",
        default=True,
        help="Compare also what texts mean, by the encoder of the NLU; or words alone.",
    )


@knowledge_group.command("evaluate")
@click.option("--docs", required=True, type=_A_FILE, help="docid, [group], [title], text.")
@click.option("--queries", required=True, type=_A_FILE, help="qid, query.")
@click.option("--qrels", required=True, type=_A_FILE, help="qid, docid, [rel].")
@click.option("--limit", type=click.IntRange(min=1), help="Only the first N queries.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@_vectors_option()
@click.pass_obj
def knowledge_evaluate(  # noqa: PLR0913  (its options)
    settings: Settings,
    docs: Path,
    queries: Path,
    qrels: Path,
    limit: int | None,
    *,
    as_json: bool,
    wanted: bool,
) -> None:
    """
    Measure the search on documents and questions of your own, as tab-separated files.

    The first line of each names the columns.  It is the service's index, ranking and
    confidence that are measured.
    """
    benchmark = read_benchmark(docs, queries, qrels)
    with _encoder(settings, wanted=wanted) as encoded:
        found = evaluate(benchmark, encoded, confidence=load_confidence(), limit=limit or 0)
    told = found.as_json()
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else found.as_table())


@knowledge_group.command("check")
@click.option("--calibrate", "refit", is_flag=True, help="Fit the confidence anew and write it.")
@click.option("--cards", type=_A_FILE, default=CARDS, help="Entries, in the starter file's form.")
@click.option("--questions", type=_A_FILE, default=QUESTIONS, help="Labelled messages.")
@_vectors_option()
@click.pass_obj
def knowledge_check(
    settings: Settings, cards: Path, questions: Path, *, refit: bool, wanted: bool
) -> None:
    """Measure the search on questions it has not seen; for the starter content, or your own."""
    with _encoder(settings, wanted=wanted) as encoded:
        work = calibrate if refit else report
        click.echo(work(encoded or _nothing, cards=cards, questions=questions))


@knowledge_group.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.pass_obj
def knowledge_export(settings: Settings, folder: Path) -> None:
    """
    Write what is published, and how residents ask for it, as cards.jsonl and questions.jsonl.

    For `knowledge check --cards … --questions …`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.database_url)
    with reading(engine) as session:
        entries = export.write(export.cards(session), folder / CARDS.name)
        asked = export.write(export.questions(session), folder / QUESTIONS.name)
    engine.dispose()
    click.echo(f"{entries} entries, {asked} questions written to {folder}")


@knowledge_group.command("ship-vectors")
@click.pass_obj
def knowledge_ship(settings: Settings) -> None:
    """Write the vectors of the starter content, by the NLU.  For developers."""
    texts = starter_texts(read_cards(CARDS))
    with running_nlu(settings) as served, closing(RasaNlu(served)) as nlu:
        vectors = shipped_anew(texts, nlu)
    ship(texts, vectors)
    click.echo(f"{len(vectors)} of {len(set(texts))} vectors written to {FILE.name}")


@contextmanager
def _encoder(settings: Settings, *, wanted: bool) -> Iterator[Encode | None]:
    """Yield what encodes, None where nothing does or nobody wants it."""
    if not wanted:
        yield None
        return
    with running_nlu(settings) as served, closing(RasaNlu(served)) as nlu:
        try:
            nlu.embed(["你好"], kind="query", within_ms=_PROBE_MS)
        except NluUnavailableError as error:
            click.echo(f"without vectors: the encoder does not answer ({error})", err=True)
            yield None
        else:
            yield lambda texts: encode(nlu, texts)


def _nothing(texts: Sequence[Text]) -> Vectors:
    del texts
    return {}
