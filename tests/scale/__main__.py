"""`make scale`: two hosts behind nginx, killed and upgraded while residents write."""

import argparse
import os
import shutil
import sys
import tempfile
import time
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
        figures: dict[str, str] = {}
        with (
            answering(engine, options.seed),
            writing(whole.platform, at_once=options.at_once, seed=options.seed) as traffic,
        ):
            holds = _try_all(whole, traffic, figures, engine)
        trials.settle(engine)
        service = Service(OUTSIDE, "", "", folder=folder, env={**os.environ, **whole.env()})
        verdict = judge(service, engine, whole.platform, traffic.all())
        refused = dict(trials.reached(folder))
        _print(traffic, figures, refused, verdict)
    lost = sum(not one.acknowledged for one in traffic.all())
    return holds and verdict.holds and not lost


def _try_all(
    whole: Installation, traffic: Traffic, figures: dict[str, str], engine: Engine
) -> bool:
    time.sleep(CALM_SECONDS)
    _begin(traffic, "a web process is killed")
    trials.kill_and_start(whole, "a", "web")
    _begin(traffic, "an nlu process is killed")
    trials.kill_and_start(whole, "a", "nlu")
    _begin(traffic, "an entry is published")
    seen = trials.publish(whole, engine)
    figures["web processes answer with what is published after"] = _seconds(*seen.values())
    _begin(traffic, "the holder of the timetable is killed")
    took = trials.take_over(whole, engine)
    figures["the timetable is taken over after"] = _seconds(took)
    _begin(traffic, "everything is upgraded, with a migration")
    trials.upgrade(whole)
    _begin(traffic, "afterwards")
    time.sleep(CALM_SECONDS)
    figures["the new table is there"] = str(trials.has_new_table(engine))
    again = [it for part, it in traffic.pushed if "upgraded" in part and it.tries > 1]
    figures["pushes that WeChat had to repeat in the upgrade"] = str(len(again))
    return took <= TAKE_OVER_SECONDS and max(seen.values()) <= PUBLISH_SECONDS and not again


def _begin(traffic: Traffic, part: str) -> None:
    traffic.part = part
    _say(f"… {part}")


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
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--models", type=Path, help="trained models, to spare the training")
    parser.add_argument("--logs", type=Path, help="keep the processes' logs there")
    return parser.parse_args()


if __name__ == "__main__":
    main()
