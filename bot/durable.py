"""Files that are whole or not there, and still there after the power was cut."""

import errno
import os
import secrets
from pathlib import Path
from typing import IO

_NOT_OF_FOLDERS = {errno.EACCES, errno.EINVAL, errno.EBADF, errno.ENOTSUP}
"""What some file systems say to whoever brings a folder to the disk; they do it by themselves."""


def put(path: Path, content: bytes) -> None:
    """
    Write the file, for its owner only, and return when it is on the disk under its name.

    Whoever reads meanwhile finds the file of before or this one.

    Raises:
        OSError: it could not be written; what was there is there still.
    """
    is_new = not path.parent.is_dir()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")  # no backup takes these
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            to_disk(file)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    names_to_disk(path.parent)
    if is_new:
        names_to_disk(path.parent.parent)


def to_disk(file: IO[bytes]) -> None:
    """Bring what was written into an open file to the disk."""
    file.flush()
    os.fsync(file.fileno())


def names_to_disk(folder: Path) -> None:
    """Bring to the disk which files a folder has, and what they are called, where it can be."""
    try:
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
    except OSError as error:
        if error.errno not in _NOT_OF_FOLDERS:
            raise
