"""`make chaos`: everything fails by turns while a crowd writes; then count what was lost."""

import argparse
import os
import shutil
import sys
import time
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, Select, select

from bot.db.engine import engine_at, reading
from bot.inbox import InboundMessage, ReplyVia
from bot.outbox import OutboundMessage, SendState
from tests.chaos.caseworkers import answering
from tests.chaos.crowd import write_all
from tests.chaos.disk import Disk
from tests.chaos.faults import Around, striking, tomorrow
from tests.chaos.installation import installation
from tests.chaos.power import cutting, stop
from tests.chaos.verdict import Verdict, judge

SETTLE_SECONDS = 900
MESSAGES_A_CUT = 120
"""So many are written for each time the power is cut."""
ZONE = ZoneInfo("Asia/Shanghai")
UNANSWERED = select(InboundMessage.id).where(InboundMessage.answered_at.is_(None))
UNFETCHED = select(InboundMessage.id).where(
    InboundMessage.reply_via == ReplyVia.PASSIVE, InboundMessage.handed_at.is_(None)
)
UNSENT = select(OutboundMessage.id).where(OutboundMessage.state == SendState.QUEUED)


def main() -> None:
    """Run it, print the table, and fail where anything was lost."""
    options = _options()
    if options.power:
        verdict = run_power(options.power, options.at_once, options.seed, options.database)
    else:
        verdict = run(
            options.messages, options.at_once, options.seed, options.database, logs=options.logs
        )
    sys.exit(0 if verdict.holds else 1)


def run(
    messages: int,
    at_once: int,
    seed: int,
    database: str,
    *,
    pace: float = 1.0,
    logs: Path | None = None,
) -> Verdict:
    """Let a crowd write while faults strike; return what is wrong afterwards."""
    with installation(seed, database) as around, engine_at(around.database_url) as engine:
        around.pace = pace
        began = time.monotonic()
        with striking(around), answering(engine, seed):
            pushed = write_all(
                around.platform, messages=messages, at_once=at_once, seed=seed, progress=_progress
            )
        wrote = time.monotonic() - began
        _settle(around, engine, UNANSWERED)
        tomorrow(around, ZONE)
        _settle(around, engine, UNFETCHED)
        _settle(around, engine, UNSENT)
        verdict = judge(around.service, engine, around.platform, pushed)
        if logs:
            keep = around.service.folder if not verdict.holds else around.service.folder / "logs"
            shutil.copytree(keep, logs, dirs_exist_ok=True)
        _say(
            f"\n{messages} messages, seed {seed}, {database}: written in {wrote:.0f} s,"
            f" all done {time.monotonic() - began - wrote:.0f} s later;"
            f" load {' '.join(f'{load:.1f}' for load in os.getloadavg())}"
        )
        _print(verdict, around)
    return verdict


def run_power(cuts: int, at_once: int, seed: int, database: str) -> Verdict:
    """Cut the power *cuts* times while a crowd writes; return what is wrong afterwards."""
    disk = Disk()
    with installation(seed, database, moving_clock=False, put=disk.on) as around:
        if around.disk is None:
            sys.exit(
                "this machine lends no disk whose power could be cut: root and losetup needed"
            )
        try:
            with cutting(around, disk, cuts):
                pushed = write_all(
                    around.platform,
                    messages=cuts * MESSAGES_A_CUT,
                    at_once=at_once,
                    seed=seed,
                    progress=_progress,
                )
            with engine_at(around.database_url) as engine:
                for undone in (UNANSWERED, UNFETCHED, UNSENT):
                    _settle(around, engine, undone)
                verdict = judge(around.service, engine, around.platform, pushed)
        finally:
            stop(around.service)
        _say(f"\n{len(pushed)} messages, seed {seed}, {database}")
        _print(verdict, around)
    return verdict


def _settle(around: Around, engine: Engine, undone: Select[int]) -> None:
    """Wait until nothing is left to do."""
    end = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < end:
        around.service.require_kept()
        with reading(engine) as session:
            if session.scalar(undone.limit(1)) is None:
                return
        time.sleep(1)


def _progress(done: int) -> None:
    if done % 500 == 0:
        _say(f"… {done} messages")


def _print(verdict: Verdict, around: Around) -> None:
    moods = {f"a call of the API meets: {mood}": n for mood, n in around.platform.calls.items()}
    struck = {name: count for name, count in (around.struck | moods).items() if count}
    if not around.disk:
        struck["the disk fills (not possible on this machine)"] = 0
    for title, counts in (("faults", struck), ("seen", verdict.seen), ("wrong", verdict.wrong)):
        _say(f"\n| {title} | times |\n| --- | ---: |")
        for name, count in sorted(counts.items()):
            _say(f"| {name} | {count:,} |")
    for one in verdict.twice:
        _say(f"twice: {one}")


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 (this is a command)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--at-once", type=int, default=24)
    parser.add_argument("--power", type=int, metavar="CUTS", help="cut the power, nothing else")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    parser.add_argument(
        "--logs",
        type=Path,
        help="keep the processes' logs there, and all data of a run that failed",
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
