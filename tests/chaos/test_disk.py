"""The disk whose power can be cut: what was brought to it is there, and only that."""

import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.db.engine import engine_at, reading
from tests.chaos.disk import Disk

WRITES = textwrap.dedent("""
    import sys
    from sqlalchemy import text
    from bot.db.engine import engine_at, transaction

    with engine_at(sys.argv[1], durable=sys.argv[2] == "True") as engine:
        with transaction(engine) as session:
            session.execute(text("CREATE TABLE written (number INTEGER)"))
        for number in range(1_000_000):
            with transaction(engine) as session:
                session.execute(text("INSERT INTO written VALUES (:number)"), {"number": number})
            print(number, flush=True)
""")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "disk"
    made.mkdir()
    return made


@pytest.fixture
def disk(folder: Path) -> Iterator[Disk]:
    disk = Disk()
    with disk.on(folder) as possible:
        if not possible:
            pytest.skip("no disk whose power could be cut: that takes root, losetup, mkfs.ext4")
        yield disk


def _said(url: str, disk: Disk, *, durable: bool) -> int:
    """Let a process commit until the power is cut; return the last number it called committed."""
    command = [sys.executable, "-c", WRITES, url, str(durable)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        for _ in range(100):
            assert writer.stdout.readline()
        disk.cut([writer.pid])
        said = writer.stdout.read().split()
        assert writer.wait() == -signal.SIGKILL
    return int(said[-1]) if said else 99


def _kept(url: str) -> list[int]:
    with engine_at(url) as engine, reading(engine) as session:
        if not session.scalar(text("SELECT 1 FROM sqlite_master WHERE name = 'written'")):
            return []
        return list(session.scalars(text("SELECT number FROM written ORDER BY number")))


def test_what_was_called_committed_survives(disk: Disk, folder: Path) -> None:
    url = f"sqlite:///{folder / 'kept.sqlite3'}"

    said = _said(url, disk, durable=True)

    assert _kept(url)[: said + 1] == list(range(said + 1))


def test_what_nobody_brought_to_the_disk_is_gone(disk: Disk, folder: Path) -> None:
    """So the disk would show it, were our own commits not on it."""
    url = f"sqlite:///{folder / 'lost.sqlite3'}"

    said = _said(url, disk, durable=False)

    assert len(_kept(url)) < said


def test_a_file_of_ours_is_there_whole(disk: Disk, folder: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from bot import durable;"
        "durable.put(Path(sys.argv[1]) / 'new' / 'kept', b'whole');"
        "(Path(sys.argv[1]) / 'careless').write_bytes(b'gone');"
        "print('written', flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", script, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline()
        disk.cut([writer.pid])

    assert (folder / "new" / "kept").read_bytes() == b"whole"
    careless = folder / "careless"
    assert not careless.exists() or not careless.stat().st_size


FAILS = textwrap.dedent("""
    import sys
    from sqlalchemy import text
    from sqlalchemy.exc import OperationalError
    from bot.db.engine import engine_at, transaction

    with engine_at(sys.argv[1]) as engine:
        with transaction(engine) as session:
            session.execute(text("CREATE TABLE written (number INTEGER)"))
        for number in range(1_000_000):
            try:
                with transaction(engine) as session:
                    row = {"number": number}
                    session.execute(text("INSERT INTO written VALUES (:number)"), row)
                print(number, flush=True)
            except OperationalError:
                print("failed", flush=True)
""")


@pytest.fixture
def narrow(tmp_path: Path) -> Iterator[Path]:
    """A place for the disk that can be full: then the disk fails to take what is written."""
    place = tmp_path / "narrow"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=96m", "none", place], check=False)
    if made.returncode:
        pytest.skip("no disk that could fail: that takes root")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def _read(writer: subprocess.Popen[bytes], many: int, *, until_failed: bool = False) -> list[str]:
    assert writer.stdout is not None
    said: list[str] = []
    while len(said) < many or (until_failed and "failed" not in said[-20:]):
        said.append(writer.stdout.readline().decode().strip())
        assert said[-1]
    return said


def test_what_is_called_committed_after_the_disk_failed_survives_too(narrow: Path) -> None:
    """What it did not take lies in memory only, and what comes after it in the log with it."""
    folder = narrow / "disk"
    folder.mkdir()
    url, disk = f"sqlite:///{folder / 'failing.sqlite3'}", Disk(journal=False)
    with disk.on(folder) as possible:
        assert possible
        command = [sys.executable, "-c", FAILS, url]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
            said = _read(writer, 100)
            filler = narrow / "filler"
            with filler.open("wb", buffering=0) as file, suppress(OSError):
                while True:
                    file.write(bytes(1 << 20))
            said += _read(writer, 1, until_failed=True)
            filler.unlink()
            said += _read(writer, 200)
            disk.cut([writer.pid])
            assert writer.stdout is not None
            said += writer.stdout.read().decode().split()
        committed = {int(number) for number in said if number != "failed"}
        assert said.count("failed") >= 1
        assert committed - set(_kept(url)) == set()
