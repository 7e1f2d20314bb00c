"""The restore drill at some years' size: `python -m tests.scale.drill [sqlite|postgresql]`."""

import argparse
import os
import random
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import Engine, func, insert, select

from bot import kept_files
from bot.clock import now
from bot.db.engine import engine_at, reading, transaction
from bot.db.migrate import migrate
from bot.inbox import InboundMessage
from bot.knowledge.load import load_cards
from bot.media import FOLDER, Media
from bot.tickets.tables import Ticket
from bot.upkeep.backup import back_up, new_key
from bot.upkeep.restore import restore
from tests.bench.inbox_filling import fill
from tests.chaos.services import Postgres
from tests.conftest import CARDS, use_test_keys

FILES = 2_000
BYTES = (20_000, 120_000)


def main() -> None:
    """Fill an installation, back it up, restore it elsewhere; print what each took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", nargs="?", choices=("sqlite", "postgresql"), default="sqlite")
    database = parser.parse_args().database
    use_test_keys()
    private, public = new_key()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="drill-")))
        folder.chmod(0o755)
        old, new = (
            stack.enter_context(engine_at(_address(stack, folder, database, name)))
            for name in ("old", "new")
        )
        _say(f"filled in {_seconds(lambda: _furnish(old, folder / 'var'))}")
        target = folder / "backup.age"
        took = _seconds(
            lambda: back_up(old, folder / "var", target, recipients=[public], now=now())
        )
        _say(f"backed up in {took}: {target.stat().st_size / 1e6:.0f} MB")
        took = _seconds(lambda: _say(_restored(new, folder / "restored", target, private)))
        _say(f"restored into an empty {database} in {took}, every table and file compared")
        _say(f"the same as before: {_counts(old) == _counts(new)}")
        load = " ".join(f"{number:.1f}" for number in os.getloadavg())
        _say(f"load average {load}, {os.cpu_count()} processors")


def _address(stack: ExitStack, folder: Path, database: str, name: str) -> str:
    if database == "sqlite":
        return f"sqlite:///{folder / name}.sqlite3"
    postgres = Postgres.create(folder / name)
    stack.callback(postgres.kill)
    return postgres.url


def _furnish(engine: Engine, data_dir: Path) -> None:
    """Write ten thousand tickets with a hundred thousand messages, and the files of some."""
    migrate(engine)
    with transaction(engine) as session:
        load_cards(session, CARDS, now=now())
    fill(engine, now=now())
    chance = random.Random(7)
    with transaction(engine) as session:
        ids = session.scalars(select(InboundMessage.id).order_by(InboundMessage.id).limit(FILES))
        rows = []
        for inbound_id in ids.all():
            content = b"\xff\xd8\xff" + chance.randbytes(chance.randint(*BYTES))
            path = kept_files.write(data_dir / FOLDER, content, "jpg")
            rows.append({
                "inbound_id": inbound_id, "media_id": f"m{inbound_id}", "state": "stored",
                "path": path, "content_type": "image/jpeg", "not_before": now(),
                "prepared_at": now(),
            })  # fmt: skip
        session.execute(insert(Media), rows)


def _restored(engine: Engine, data_dir: Path, source: Path, private: str) -> str:
    rows, files = restore(engine, data_dir, source, identity=private)
    return f"{rows:,} rows, {files:,} files"


def _counts(engine: Engine) -> list[int]:
    with reading(engine) as session:
        return [
            session.scalar(select(func.count()).select_from(table)) or 0
            for table in (InboundMessage, Ticket, Media)
        ]


def _seconds(work: Callable[[], object]) -> str:
    began = time.monotonic()
    work()
    return f"{time.monotonic() - began:.0f} s"


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 (this is a command)


if __name__ == "__main__":
    main()
