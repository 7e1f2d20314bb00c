"""`make chaos`: everything fails by turns while a crowd writes; then count what was lost."""

import argparse
import shutil
import sys
import time
from pathlib import Path

from sqlalchemy import select

from bot.db.engine import engine_at, reading
from bot.inbox import InboundMessage
from bot.outbox import OutboundMessage, SendState
from tests.chaos.caseworkers import answering
from tests.chaos.crowd import write_all
from tests.chaos.faults import Around, striking
from tests.chaos.installation import installation
from tests.chaos.verdict import Verdict, judge, waiting_for_tomorrow

SETTLE_SECONDS = 900


def main() -> None:
    """Run it, print the table, and fail where anything was lost."""
    options = _options()
    verdict = run(
        options.messages, options.at_once, options.seed, options.database, logs=options.logs
    )
    sys.exit(0 if verdict.holds else 1)


def run(
    messages: int, at_once: int, seed: int, database: str, *, logs: Path | None = None
) -> Verdict:
    """Let a crowd write while faults strike; return what is wrong afterwards."""
    with installation(seed, database) as around, engine_at(around.database_url) as engine:
        began = time.monotonic()
        with striking(around), answering(engine, seed):
            pushed = write_all(
                around.platform, messages=messages, at_once=at_once, seed=seed, progress=_progress
            )
        wrote = time.monotonic() - began
        _settle(around)
        if logs:
            shutil.copytree(around.service.folder / "logs", logs, dirs_exist_ok=True)
        verdict = judge(around.service, engine, around.platform, pushed)
        _print(verdict, around, wrote=wrote, settled=time.monotonic() - began - wrote)
    return verdict


def _settle(around: Around) -> None:
    """Wait until nothing is left to do that can be done."""
    end = time.monotonic() + SETTLE_SECONDS
    with engine_at(around.database_url) as engine:
        while time.monotonic() < end:
            with reading(engine) as session:
                undone = session.scalar(
                    select(InboundMessage.id).where(InboundMessage.answered_at.is_(None)).limit(1)
                ) or session.scalar(
                    select(OutboundMessage.id)
                    .where(
                        OutboundMessage.state == SendState.QUEUED,
                        OutboundMessage.resident_id.not_in(waiting_for_tomorrow()),
                    )
                    .limit(1)
                )
            if undone is None:
                time.sleep(30)  # what a fault left to the outbox is looked for every few seconds
                return
            time.sleep(1)


def _progress(done: int) -> None:
    if done % 500 == 0:
        _say(f"… {done} messages")


def _print(verdict: Verdict, around: Around, *, wrote: float, settled: float) -> None:
    _say(f"\nwritten in {wrote:.0f} s, everything done {settled:.0f} s later\n\nfaults")
    for name, count in sorted(around.struck.items()):
        _say(f"  {name:<52} {count:>7}")
    if not around.disk:
        _say(f"  {'the disk fills':<52} not on this machine")
    _say("\nseen")
    for name, count in sorted(verdict.seen.items()):
        _say(f"  {name:<52} {count:>7}")
    _say("\nmust be 0")
    for name, count in sorted(verdict.wrong.items()):
        _say(f"  {name:<52} {count:>7}")


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 (this is a command)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--at-once", type=int, default=24)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    parser.add_argument("--logs", type=Path, help="keep the processes' logs there")
    return parser.parse_args()


if __name__ == "__main__":
    main()
