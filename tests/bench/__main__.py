"""`make bench`: the line, alone and under a crowd, the inbox, our NLU and search beside Rasa's."""

import argparse
import json
import sys
from pathlib import Path
from subprocess import SubprocessError

from tests.bench import chart, crowd, growth, page, rivals, table
from tests.bench.comparison import Wanted, compare
from tests.bench.inbox import measure_inbox
from tests.bench.line import measure_line
from tests.bench.models import KEPT
from tests.bench.recipes import EPOCHS, ROOT

PAGE = ROOT / "docs" / "benchmarks.md"
CHART = ROOT / "docs" / "images" / "benchmark.svg"
CALM = 1.5
DATABASES = ("sqlite", "postgresql")


def main() -> None:
    """Measure what is asked for and print it; a full comparison writes page and picture too."""
    options = _options()
    if options.part in {"line", "both"}:
        measure_line()
    if options.part in {"crowd", "both"}:
        for database in DATABASES:
            measured = crowd.measure_crowd(database, seconds=options.seconds)
            _say(crowd.as_text(database, *measured))
        _say(rivals.as_text("rasa run, REST channel", *rivals.measure_rasa(options.seconds)))
        _echo(options.seconds)
    if options.part == "growth":
        for database in DATABASES:
            _say(growth.as_text(database, growth.measure_growth(database)))
    if options.part == "inbox":
        measure_inbox()
    if options.part in {"nlu", "both"}:
        _nlu(Wanted(options.epochs, options.messages, options.starts), redraw=options.redraw)


def _echo(seconds: float) -> None:
    try:
        _say(rivals.as_text("WeRoBot, echo in safe mode", *rivals.measure_werobot(seconds)))
    except (OSError, SubprocessError) as error:
        _say(f"WeRoBot cannot be installed here: {error}")


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 (this is a command)


def _nlu(wanted: Wanted, *, redraw: bool) -> None:
    file = KEPT / "measured.json"
    measured = json.loads(file.read_text("utf-8")) if redraw else compare(wanted)
    _say(table.as_text(measured))
    busy = measured["machine"]["load_before"]
    if busy > CALM:
        print(f"The machine was busy (load {busy}): speeds say little.", file=sys.stderr)  # noqa: T201
    if not wanted.messages:
        _write(file, json.dumps(measured, indent=1) + "\n")
        _write(PAGE, page.as_page(measured))
        _write(CHART, chart.as_svg(measured))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "part",
        nargs="?",
        default="both",
        choices=("line", "crowd", "growth", "inbox", "nlu", "both"),
    )
    parser.add_argument(
        "--seconds", type=float, default=crowd.SECONDS, help="of each level of the crowd"
    )
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="that Rasa's models train")
    parser.add_argument("--messages", type=int, help="only the first N: a trial, not written")
    parser.add_argument("--starts", type=int, default=3, help="of each server, for the cold start")
    parser.add_argument("--redraw", action="store_true", help="page and picture of the last run")
    return parser.parse_args()


if __name__ == "__main__":
    main()
