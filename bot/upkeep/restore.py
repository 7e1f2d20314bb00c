"""Restoring a backup into an empty database, whichever of the two kinds it is."""

import hashlib
import io
import json
import os
import re
import shutil
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyrage
from sqlalchemy import Connection, Engine, Table

from bot import durable
from bot.db.engine import whole
from bot.db.form import versions
from bot.db.migrate import migrate
from bot.errors import UpkeepError
from bot.upkeep import rows
from bot.upkeep.backup import FOLDERS, FORMAT
from bot.upkeep.rows import Sum

STAGING = "restoring"
_FILE = re.compile(rf"files/(?:{'|'.join(FOLDERS)})(?:/[\w-][\w.-]*)+")


@dataclass(slots=True)
class _Restoring:
    """A restore under way."""

    connection: Connection
    staging: Path
    tables: dict[str, Table]
    sums: dict[str, Sum] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    late: dict[str, list[str]] = field(default_factory=dict)
    ends: dict[str, dict[str, Any]] | None = None


def restore(engine: Engine, data_dir: Path, source: Path, *, identity: str) -> tuple[int, int]:
    """
    Bring back everything a backup holds; return how many rows and files it was.

    The database is made in the form the backup has, filled in one transaction,
    compared with the sums the backup carries, and only then brought to the
    newest form; the files are moved to their place last.

    Raises:
        UpkeepError: the key is wrong, the file is damaged or of a later version,
            or something is there already.
    """
    key = _identity(identity)
    if any((data_dir / folder).exists() for folder in FOLDERS):
        msg = f"{data_dir} has files already: give an empty data folder, nothing is written over"
        raise UpkeepError(msg)
    staging = data_dir / STAGING
    shutil.rmtree(staging, ignore_errors=True)
    try:
        with source.open("rb") as file, _decrypted(file, key) as inner:
            found = _load(engine, inner, staging)
        for folder in FOLDERS:
            if (staging / folder).exists():
                (staging / folder).replace(data_dir / folder)
                durable.names_to_disk(data_dir)
    except (tarfile.TarError, EOFError, KeyError, ValueError) as error:
        msg = f"{source} is damaged or no backup of ours ({type(error).__name__})"
        raise UpkeepError(msg) from None
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    migrate(engine)
    return found


def _load(engine: Engine, inner: io.BufferedReader, staging: Path) -> tuple[int, int]:
    with tarfile.open(fileobj=inner, mode="r|gz") as tar:
        members = iter(tar)
        about = json.loads(_content(tar, _first(members)))
        if about["format"] != FORMAT or about["revision"] not in versions():
            msg = "this backup was made by a later version: restore it with that version"
            raise UpkeepError(msg)
        _prepare(engine, str(about["revision"]))
        with whole(engine) as connection:
            tables = {table.name: table for table in rows.tables_of(connection)}
            state = _Restoring(connection, staging, tables)
            for member in members:
                _take(state, member.name, _content(tar, member))
            _finish(state)
    return sum(total.rows for total in state.sums.values()), len(state.files)


def _prepare(engine: Engine, revision: str) -> None:
    """Give a new database the form the backup has."""
    with engine.connect().execution_options(read_only=True) as connection:
        if rows.tables_of(connection):
            msg = "the database is in use: give a new one, nothing is written over"
            raise UpkeepError(msg)
    migrate(engine, to=revision)


def _take(state: _Restoring, name: str, content: bytes) -> None:
    if name == "sums.json":
        state.ends = json.loads(content)
    elif name.startswith("rows/"):
        table = state.tables[name.split("/")[1]]
        written = content.decode().split("\n") if content else []
        rows.write(state.connection, table, written)
        if rows.late_columns(table):
            state.late.setdefault(table.name, []).extend(rows.referring(table, written))
        state.sums[table.name] = state.sums.get(table.name, Sum()).plus(written)
    elif _FILE.fullmatch(name):
        place = name.removeprefix("files/")
        path = state.staging / place
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            durable.to_disk(file)
        state.files[place] = hashlib.sha256(content).hexdigest()
    else:
        msg = f"the backup holds something unexpected: {name!r}"
        raise UpkeepError(msg)


def _finish(state: _Restoring) -> None:
    for name, written in state.late.items():
        rows.connect(state.connection, state.tables[name], written)
    rows.continue_numbers(state.connection, state.tables.values())
    if state.ends is None:
        raise EOFError
    promised = {name: tuple(total) for name, total in state.ends["tables"].items()}
    for name, table in state.tables.items():
        there = rows.sum_of(state.connection, table)
        if promised.get(name) != (there.rows, f"{there.digest:064x}"):
            msg = f"table {name} differs from what the backup promises; nothing was restored"
            raise UpkeepError(msg)
    if state.files != state.ends["files"]:
        msg = "the files differ from what the backup promises; nothing was restored"
        raise UpkeepError(msg)


def _first(members: Iterator[tarfile.TarInfo]) -> tarfile.TarInfo:
    member = next(members, None)
    if member is None or member.name != "about.json":
        raise EOFError
    return member


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(member) if member.isreg() else None
    if file is None:
        raise EOFError
    return file.read()


def _identity(text: str) -> pyrage.x25519.Identity:
    """Read the private key out of a key file, whose other lines begin with #."""
    found = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    try:
        return pyrage.x25519.Identity.from_str(found[0].strip())
    except (IndexError, pyrage.IdentityError):
        msg = "that file holds no private key (AGE-SECRET-KEY-…)"
        raise UpkeepError(msg) from None


@contextmanager
def _decrypted(
    file: io.BufferedReader, key: pyrage.x25519.Identity
) -> Iterator[io.BufferedReader]:
    """Yield the decrypted content of *file* for reading."""
    failed: list[Exception] = []
    reading, writing = os.pipe()

    def pour() -> None:
        with suppress(BrokenPipeError), os.fdopen(writing, "wb") as writer:
            try:
                pyrage.decrypt_io(file, writer, [key])
            except (pyrage.DecryptError, OSError) as error:
                failed.append(error)

    thread = threading.Thread(target=pour, name="decrypt")
    thread.start()
    try:
        with os.fdopen(reading, "rb") as reader:
            yield reader
    except (tarfile.TarError, EOFError):
        if not failed:
            raise
    finally:
        thread.join()
    if failed:
        msg = "the backup cannot be decrypted: another key, or the file is damaged"
        raise UpkeepError(msg)
