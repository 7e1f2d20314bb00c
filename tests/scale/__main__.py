"""`make scale`: two hosts behind nginx, killed and upgraded while residents write."""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine

from bot.db.engine import engine_at
from tests.chaos.caseworkers import answering
from tests.chaos.verdict import Verdict, judge
from tests.e2e.running import Service
from tests.scale import trials
from tests.scale.installation import NLU_PORTS, OUTSIDE, Installation, installation, processes
from tests.scale.traffic import Traffic, writing

CALM_SECONDS = 15.0
TAKE_OVER_SECONDS = 30.0
PUBLISH_SECONDS = 2.0


def main() -> None:
    """Run it, print the table, and fail where something does not hold."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="scale-") as made:
        folder = Path(made)
        folder.chmod(0o755)
        os.environ["SSL_CERT_FILE"] = str(folder / "nginx/crt")
        try:
            holds = run(folder, options)
        finally:
            if options.logs:
                shutil.copytree(folder / "logs", options.logs, dirs_exist_ok=True)
    sys.exit(0 if holds else 1)


def run(folder: Path, options: argparse.Namespace) -> bool:
    """Let residents write while everything happens; say whether all held."""
    with (
        installation(folder, options.models) as whole,
        engine_at(whole.database_url) as engine,
    ):
        for host in NLU_PORTS:
            for name in processes(host):
                trials.wait_until_healthy(whole, host, name)
        _say("two web, two consoles, two workers, three nlu behind nginx are up")
        with (
            answering(engine, options.seed),
            writing(whole.platform, at_once=options.at_once, seed=options.seed) as traffic,
        ):
            tried = Trials(whole, engine, traffic)
            _try(tried, options.only or NAMES)
        trials.settle(engine)
        service = Laid(OUTSIDE, "", "", folder=folder, env={}, whole=whole)
        verdict = judge(service, engine, whole.platform, traffic.all())
        refused = dict(trials.reached(folder))
        _print(traffic, tried.figures, refused, verdict)
    lost = sum(not one.acknowledged for one in traffic.all())
    return tried.holds and verdict.holds and not lost


@dataclass(frozen=True, kw_only=True)
class Laid(Service):
    """The service as a verdict asks it, by the code that was laid down for this run."""

    whole: Installation

    def command(self, *args: str, stdin: str = "") -> str:
        del stdin
        return self.whole.command(*args)


@dataclass
class Trials:
    """What is tried one after the other, and what came of it."""

    whole: Installation
    engine: Engine
    traffic: Traffic
    figures: dict[str, str] = field(default_factory=dict)
    holds: bool = True

    def web(self) -> None:
        """A web process is killed."""
        trials.kill_and_start(self.whole, "a", "web")

    def nlu(self) -> None:
        """An nlu process is killed."""
        trials.kill_and_start(self.whole, "a", "nlu")

    def publish(self) -> None:
        """An entry is published."""
        seen = trials.publish(self.whole, self.engine).values()
        self.figures["web processes answer with what is published after"] = _seconds(*seen)
        self.holds &= max(seen) <= PUBLISH_SECONDS

    def timetable(self) -> None:
        """The holder of the timetable is killed."""
        took = trials.take_over(self.whole, self.engine)
        self.figures["the timetable is taken over after"] = _seconds(took)
        self.holds &= took <= TAKE_OVER_SECONDS

    def upgrade(self) -> None:
        """All is upgraded, with a migration."""
        trials.upgrade(self.whole)
        again = [it for part, it in self.traffic.pushed if part == "upgrade" and it.tries > 1]
        self.figures["the new table is there"] = str(trials.has_new_table(self.engine))
        self.figures["pushes that WeChat had to repeat in the upgrade"] = str(len(again))
        self.holds &= not again


NAMES = ("web", "nlu", "publish", "timetable", "upgrade")


def _try(tried: Trials, names: Sequence[str]) -> None:
    for name in names:
        time.sleep(CALM_SECONDS)
        what = getattr(tried, name)
        _say(f"… {what.__doc__}")
        tried.traffic.part = name
        what()
        tried.traffic.part = "calm"
    time.sleep(CALM_SECONDS)


def _print(
    traffic: Traffic, figures: dict[str, str], refused: dict[str, str], verdict: Verdict
) -> None:
    _say("\npushes, by what happened meanwhile")
    for part in dict.fromkeys(part for part, _ in traffic.pushed):
        _say(f"  {traffic.line(part)}")
    for title, lines in (("measured", figures), ("what can be reached", refused)):
        _say(f"\n{title}")
        for name, value in lines.items():
            _say(f"  {name:<52} {value:>12}")
    for title, counted in (("seen", verdict.seen), ("must be 0", verdict.wrong)):
        _say(f"\n{title}")
        for name, count in sorted(counted.items()):
            _say(f"  {name:<52} {count:>12}")
    load = ", ".join(f"{number:.1f}" for number in os.getloadavg())
    _say(f"\nload average {load}, {os.cpu_count()} processors")


def _seconds(*values: float) -> str:
    return ", ".join(f"{value:.1f}" for value in values) + " s"


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 (this is a command)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make scale", description=__doc__)
    parser.add_argument("--at-once", type=int, default=6)
    parser.add_argument("--only", nargs="*", choices=NAMES, help="try these and nothing else")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--models", type=Path, help="trained models, to spare the training")
    parser.add_argument("--logs", type=Path, help="keep the processes' logs there")
    return parser.parse_args()


if __name__ == "__main__":
    main()
