"""Files of residents' stories, below the data folder: sent by people or exported, encrypted."""

import secrets
from pathlib import Path

from bot import durable, sealing

FOLDERS = ("media", "attachments", "exports")


def write(folder: Path, content: bytes, extension: str) -> str:
    """Return the path in *folder* of a new file; one whose transaction fails is left unused."""
    name = secrets.token_hex(16)
    path = folder / name[:2] / f"{name}.{extension}"
    put(path, content)
    return f"{name[:2]}/{path.name}"


def put(path: Path, content: bytes) -> None:
    """Write the file there, encrypted, whole or not at all, for good."""
    durable.put(path, sealing.seal_bytes(content))


def read(path: Path) -> bytes:
    """
    Return what was written.

    Raises:
        OSError: it is not there.
        SealError: it was changed, or its key is not on the ring.
    """
    return sealing.unseal_bytes(path.read_bytes())


def seal_again(data_dir: Path) -> int:
    """Encrypt with the newest key every file that is not; return how many were written."""
    mark = sealing.FILE_MARK + sealing.newest().encode() + b":"
    stale = [
        path
        for folder in FOLDERS
        for path in (data_dir / folder).rglob("*")
        if path.is_file() and not _begins_with(path, mark)
    ]
    for path in stale:
        put(path, read(path))
    return len(stale)


def _begins_with(path: Path, mark: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(mark)) == mark
