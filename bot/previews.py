"""What a browser shows of a file: a voice as MP3, a picture small.  The original is kept."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog
from PIL import Image, ImageOps
from sqlalchemy.orm import Session

from bot import kept_files
from bot.media import FOLDER, Media

log = structlog.get_logger(__name__)

SMALL = (480, 480)
MOST_PIXELS = 50_000_000
"""A picture that unpacks to more is a trap and stays as it is."""


@dataclass(frozen=True, slots=True)
class Raw:
    """A stored file of which nothing was made yet."""

    id: int
    path: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a browser gets."""

    content: bytes
    content_type: str
    extension: str


def raw_of(session: Session, media_id: int) -> Raw | None:
    """Return the stored file if no preview of it was tried yet; None: there is nothing to do."""
    row = session.get(Media, media_id)
    if row is None or row.state != "stored" or row.prepared_at is not None:
        return None
    return Raw(row.id, row.path, row.content_type)


def make(raw: Raw, *, folder: Path) -> Preview | None:
    """Return what a browser gets of the file; None: the file itself, or nothing can be made."""
    maker = _MAKERS.get(raw.content_type)
    path = folder / FOLDER / raw.path
    if maker is None or not path.is_file():
        return None
    try:
        return maker(kept_files.read(path))
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        # Whatever a stranger sent may be broken; it can still be downloaded.
        log.info("no_preview", media=raw.id, error=type(error).__name__)
        return None


def keep(
    session: Session, raw: Raw, preview: Preview | None, *, folder: Path, now: datetime
) -> None:
    """Keep the preview beside the original, if that is still there; note that it was tried."""
    row = session.get_one(Media, raw.id, with_for_update=True)
    if preview is not None and row.path == raw.path:
        row.preview_path = kept_files.write(folder / FOLDER, preview.content, preview.extension)
        row.preview_type = preview.content_type
    row.prepared_at = now
    session.flush()


def playable(content: bytes) -> Preview:
    """
    Return a voice as MP3, which every browser plays; WeChat sends AMR, which none does.

    Raises:
        ValueError: it has no sound, or is broken.
    """
    from bot import sounds  # noqa: PLC0415 (see there)

    heard = sounds.as_mp3(content)
    if not heard:
        msg = "no sound"
        raise ValueError(msg)
    return Preview(heard, "audio/mpeg", "mp3")


def small(content: bytes) -> Preview:
    """
    Return a picture of at most 480 pixels a side, upright, without what the camera wrote into it.

    Raises:
        OSError, ValueError: it is no picture, or too large a one.
    """
    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "GIF")) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            msg = "too many pixels"
            raise ValueError(msg)
        upright = ImageOps.exif_transpose(picture).convert("RGB")
        upright.thumbnail(SMALL)
        out = io.BytesIO()
        upright.save(out, "JPEG", quality=82)
    return Preview(out.getvalue(), "image/jpeg", "jpg")


_MAKERS: dict[str, Callable[[bytes], Preview]] = {
    "audio/amr": playable,
    "image/jpeg": small,
    "image/png": small,
    "image/gif": small,
}
