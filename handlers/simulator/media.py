"""Temporary files, which the platform forgets after three days."""

import secrets
import shutil
import struct
import zlib
from datetime import timedelta
from pathlib import Path

from handlers.simulator.model import Media
from handlers.simulator.world import World

LIFE = timedelta(days=3)
LIMITS = {
    "image": (10 * 1024 * 1024, frozenset({"image/png", "image/jpeg", "image/gif"})),
    "voice": (2 * 1024 * 1024, frozenset({"audio/amr", "audio/mpeg"})),
    "video": (10 * 1024 * 1024, frozenset({"video/mp4"})),
    "thumb": (64 * 1024, frozenset({"image/jpeg"})),
}
MAGIC = (
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"#!AMR", "audio/amr"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
)
FRAMES_PER_SECOND = 50


class MediaShelf:
    """Keeps the bytes in a folder and what they are in the world."""

    def __init__(self, folder: Path, world: World) -> None:
        """Keep files in *folder*, made when first needed."""
        self._folder = folder
        self._world = world

    def add(self, kind: str, data: bytes, mime: str) -> Media:
        """Keep a file and return what is known of it."""
        media_id = secrets.token_urlsafe(48)
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / media_id).write_bytes(data)
        media = Media(media_id, kind, mime, len(data), self._world.now())
        with self._world.changing() as state:
            state.media[media_id] = media
        return media

    def find(self, media_id: str) -> Media | None:
        """Return what is known of a file that has not expired."""
        with self._world.reading() as state:
            media = state.media.get(media_id)
        if media is None or media.created_at + LIFE <= self._world.now():
            return None
        return media

    def has(self, media_id: str) -> bool:
        """Say whether the platform still has the file."""
        return self.find(media_id) is not None

    def read(self, media: Media) -> bytes:
        """Return the bytes; empty when the folder has been cleared."""
        path = self._folder / media.media_id
        return path.read_bytes() if path.is_file() else b""

    def clear(self) -> None:
        """Delete every file."""
        shutil.rmtree(self._folder, ignore_errors=True)


def guess_mime(data: bytes) -> str:
    """Say what *data* is by its first bytes; empty when unknown."""
    if data[4:8] == b"ftyp":
        return "video/mp4"
    return next((mime for magic, mime in MAGIC if data.startswith(magic)), "")


def silent_voice(seconds: int) -> bytes:
    """Return AMR speech with nothing in it."""
    return b"#!AMR\n" + b"\x7c" * (FRAMES_PER_SECOND * seconds)


def small_video() -> bytes:
    """Return the head of an MP4 file, enough to be taken for one."""
    return struct.pack(">I", 24) + b"ftypisom" + struct.pack(">I", 512) + b"isommp41"


def small_picture(width: int = 240, height: int = 180) -> bytes:
    """Return a PNG: sky over a field."""
    rows = bytearray()
    for y in range(height):
        pixel = bytes((150 + y // 4, 190, 230)) if y < height // 2 else bytes((120, 160, 90))
        rows += b"\0" + pixel * width
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(rows))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(name + data)
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", checksum)
