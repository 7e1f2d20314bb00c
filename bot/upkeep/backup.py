"""Backup and restore: one encrypted file with every row and every file of one moment.

The file is a compressed tar, encrypted to a public key (the age format).  The
machine that makes backups does not need the private key, so that whoever takes
the machine cannot read the backups.  It can be restored into either database.
"""

import hashlib
import io
import json
import os
import re
import tarfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pyrage
from sqlalchemy import Connection, Engine

from bot import durable
from bot.db.engine import one_moment
from bot.db.form import fits, form_in
from bot.errors import UpkeepError
from bot.settings import Settings
from bot.upkeep import rows
from bot.upkeep.rows import Sum

FORMAT = 1
PREFIX, SUFFIX = "yunqiao-", ".tar.gz.age"
_NAMED = re.compile(rf"{PREFIX}(\d{{8}}T\d{{6}}Z){re.escape(SUFFIX)}")
FOLDERS = ("media", "attachments")
"""What lies beside the database in the data folder and belongs to it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a backup holds."""

    rows: int
    files: int
    bytes: int
    """Of the encrypted file."""


def new_key() -> tuple[str, str]:
    """Return a private key, to be kept away from the machine, and its public key."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def back_up(
    engine: Engine, data_dir: Path, target: Path, *, recipients: Sequence[str], now: datetime
) -> Kept:
    """
    Write a backup of this moment to *target* while the service runs on.

    Raises:
        UpkeepError: a key is no public key, the file is there already, or the
            database waits for a migration.
    """
    keys = [_recipient(text) for text in recipients]
    if target.exists():
        msg = f"{target} is there already; nothing is written over"
        raise UpkeepError(msg)
    if not fits(engine):
        msg = "the database has not the newest form: run `python -m bot migrate` first"
        raise UpkeepError(msg)
    part = target.with_name(f"{target.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with _encrypted(file, keys) as inner, one_moment(engine) as connection:
            found = _write(inner, connection, data_dir, now)
        durable.to_disk(file)
    part.replace(target)
    durable.names_to_disk(target.parent)
    return Kept(*found, target.stat().st_size)


def folder_of(settings: Settings) -> Path:
    """Return where backups go."""
    return settings.backup.folder or settings.service.data_dir / "backups"


def back_up_into(
    folder: Path, engine: Engine, settings: Settings, *, now: datetime
) -> tuple[Path, Kept]:
    """
    Write a backup of this moment into *folder*, while the service runs on.

    Raises:
        UpkeepError: nobody could read it.
    """
    if not settings.backup.recipients:
        msg = "backup.recipients is empty: make a key with `python -m bot backup key FILE`"
        raise UpkeepError(msg)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = folder / f"{PREFIX}{now:%Y%m%dT%H%M%SZ}{SUFFIX}"
    kept = back_up(
        engine, settings.service.data_dir, target, recipients=settings.backup.recipients, now=now
    )
    return target, kept


def delete_old(folder: Path, days: int, *, now: datetime) -> list[Path]:
    """Delete the backups in *folder* that are older than so many days; return which."""
    old = older_than(folder, now - timedelta(days=days))
    for path in old:
        path.unlink(missing_ok=True)
    return old


def older_than(folder: Path, moment: datetime) -> list[Path]:
    """Return the backups in *folder* made before *moment*, by their names; other files never."""
    found = [(path, _NAMED.fullmatch(path.name)) for path in sorted(folder.iterdir())]
    return [
        path
        for path, named in found
        if named and datetime.strptime(named[1], "%Y%m%dT%H%M%S%z") < moment
    ]


def _write(
    inner: io.BufferedWriter, connection: Connection, data_dir: Path, now: datetime
) -> tuple[int, int]:
    manifest: dict[str, object] = {
        "format": FORMAT,
        "made_at": now.isoformat(),
        "revision": form_in(connection),
    }
    sums: dict[str, Sum] = {}
    with tarfile.open(fileobj=inner, mode="w|gz") as tar:
        _add(tar, "about.json", json.dumps(manifest).encode())
        for table in rows.tables_of(connection):
            total = Sum()
            for number, piece in enumerate(rows.lines(connection, table)):
                total = total.plus(piece)
                _add(tar, f"rows/{table.name}/{number:08d}.jsonl", "\n".join(piece).encode())
            sums[table.name] = total
        files = list(_add_files(tar, data_dir))
        ends = {
            "tables": {name: [total.rows, f"{total.digest:064x}"] for name, total in sums.items()},
            "files": dict(files),
        }
        _add(tar, "sums.json", json.dumps(ends).encode())
    return sum(total.rows for total in sums.values()), len(files)


def _add_files(tar: tarfile.TarFile, data_dir: Path) -> Iterator[tuple[str, str]]:
    for folder in FOLDERS:
        for path in sorted((data_dir / folder).rglob("*")):
            if not path.is_file() or path.is_symlink() or path.suffix == ".part":
                continue
            try:
                content = path.read_bytes()
            except FileNotFoundError:
                continue  # erased since the listing, as its row will be at the next backup
            name = path.relative_to(data_dir).as_posix()
            _add(tar, f"files/{name}", content)
            yield name, hashlib.sha256(content).hexdigest()


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(content), 0o600
    tar.addfile(info, io.BytesIO(content))


def _recipient(text: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError:
        msg = "backup.recipients: not a public key; `python -m bot backup key` makes one (age1…)"
        raise UpkeepError(msg) from None


@contextmanager
def _encrypted(
    file: io.BufferedWriter, keys: Sequence[pyrage.x25519.Recipient]
) -> Iterator[io.BufferedWriter]:
    """Yield what encrypts into *file* all that is written to it."""
    with piped(lambda reader: pyrage.encrypt_io(reader, file, keys)) as writer:
        yield writer


@contextmanager
def piped(work: Callable[[io.BufferedReader], object]) -> Iterator[io.BufferedWriter]:
    """Yield the writing end of a pipe whose other end *work* reads meanwhile."""
    failed: list[BaseException] = []
    reading, writing = os.pipe()

    def drain() -> None:
        with os.fdopen(reading, "rb") as reader:
            try:
                work(reader)
            except BaseException as error:  # noqa: BLE001 (raised again where the caller waits)
                failed.append(error)

    thread = threading.Thread(target=drain, name="pipe")
    thread.start()
    try:
        with os.fdopen(writing, "wb") as writer:
            yield writer
    except BrokenPipeError:
        if not failed:
            raise
    finally:
        thread.join()
    if failed:
        raise failed[0]
