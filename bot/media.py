"""Pictures and voice that residents sent, fetched from WeChat before it forgets them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot import kept_files
from bot.chores import ledger as chores
from bot.db.engine import Base
from bot.db.types import UTCDateTime
from bot.db.wake import announce
from bot.errors import RefusedError, UpstreamError
from bot.inbox import InboundMessage
from bot.wechat.client import MediaFile
from bot.wechat.outcomes import next_try

FOLDER = "media"
PREVIEW = "preview"
KEPT_BY_WECHAT = timedelta(days=3)
LEASE = timedelta(minutes=3)
KINDS = {"image", "voice", "video", "shortvideo"}
_LONGEST_ID = 200
# Nothing else is kept, whatever name or type comes with it: (where, what, type, extension).
_KNOWN = (
    (0, b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (0, b"GIF87a", "image/gif", "gif"),
    (0, b"GIF89a", "image/gif", "gif"),
    (0, b"#!AMR", "audio/amr", "amr"),
    (0, b"ID3", "audio/mpeg", "mp3"),
    (0, b"\xff\xfb", "audio/mpeg", "mp3"),
    (0, b"\xff\xf3", "audio/mpeg", "mp3"),
    (0, b"\xff\xf2", "audio/mpeg", "mp3"),
    (4, b"ftyp", "video/mp4", "mp4"),
)


class Media(Base):
    """One file a resident sent; WeChat keeps it for three days only."""

    __tablename__ = "media"
    __table_args__ = (
        Index("ix_media_due", "state", "not_before"),
        Index("ix_media_unprepared", "prepared_at", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    inbound_id: Mapped[int] = mapped_column(ForeignKey("inbound_message.id"), unique=True)
    media_id: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10), default="queued")
    """queued, stored or lost."""
    reason: Mapped[str] = mapped_column(String(32), default="")
    """Why it was lost: gone, too_large, foreign_address, type, empty."""
    path: Mapped[str] = mapped_column(String(120), default="")
    """Below the data folder's media/."""
    content_type: Mapped[str] = mapped_column(String(60), default="")
    preview_path: Mapped[str] = mapped_column(String(120), default="", server_default="")
    """What a browser gets instead: a voice it can play, a small picture; empty: nothing."""
    preview_type: Mapped[str] = mapped_column(String(60), default="", server_default="")
    prepared_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When a preview was tried."""
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime] = mapped_column(UTCDateTime)


@dataclass(frozen=True, slots=True)
class WantedFile:
    """A file that is ours to fetch, for the time of the lease."""

    id: int
    media_id: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LostFile:
    """A file that will never come, and why."""

    reason: str


class Source(Protocol):
    """Where files come from: the client of WeChat's API."""

    def download_media(self, media_id: str) -> MediaFile:
        """Return the file; raise RefusedError or UpstreamError."""


def queue(session: Session, message: InboundMessage, *, now: datetime) -> Media | None:
    """Note that the message's picture, voice or video is to be fetched; None where it has none."""
    media_id = str(message.details.get("MediaId", ""))
    if message.kind not in KINDS or not 0 < len(media_id) <= _LONGEST_ID:
        return None
    row = Media(inbound_id=message.id, media_id=media_id, not_before=now)
    session.add(row)
    session.flush()
    announce(session)
    return row


def claim(session: Session, *, now: datetime, lease: timedelta = LEASE) -> WantedFile | None:
    """Take the oldest file that is due and hide it from other workers for *lease*."""
    row = session.scalars(
        select(Media)
        .where(Media.state == "queued", Media.not_before <= now)
        .order_by(Media.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if row is None:
        return None
    row.attempts += 1
    row.not_before = now + lease
    session.flush()
    return WantedFile(row.id, row.media_id)


def fetch(api: Source, wanted: WantedFile) -> MediaFile | LostFile | None:
    """Ask WeChat for the file, with no transaction open; None: not now."""
    try:
        return api.download_media(wanted.media_id)
    except RefusedError as error:
        return LostFile(str(error))
    except UpstreamError:
        return None


def store(
    session: Session,
    wanted: WantedFile,
    file: MediaFile | LostFile | None,
    *,
    folder: Path,
    now: datetime,
) -> None:
    """
    Keep what was fetched, if it is a picture, a voice or a video; else say why it is lost.

    Args:
        session: open.
        wanted: what `claim` gave out.
        file: what `fetch` returned; None is tried again while WeChat keeps the file.
        folder: the data folder.
        now: the present moment.
    """
    row = session.get_one(Media, wanted.id, with_for_update=True)
    if row.state != "queued":
        return  # another worker has it, or it was erased meanwhile: a file now would stay for ever
    if file is None:
        _later(session, row, now)
    elif isinstance(file, LostFile):
        row.state, row.reason = "lost", file.reason[:32]
    elif found := sniff(file.content):
        row.content_type, extension = found
        row.path = kept_files.write(folder / FOLDER, file.content, extension)
        row.state = "stored"
        chores.ask(session, PREVIEW, str(row.id), now=now)
    else:
        row.state, row.reason = "lost", "type" if file.content else "empty"
    session.flush()


def _later(session: Session, row: Media, now: datetime) -> None:
    came_at = session.get_one(InboundMessage, row.inbound_id).received_at
    if now - came_at >= KEPT_BY_WECHAT:
        row.state, row.reason = "lost", "gone"
    else:
        row.not_before = next_try("network", attempts=row.attempts, seed=row.id, now=now)


def sniff(content: bytes) -> tuple[str, str] | None:
    """Return type and extension by what the bytes are, not by what they are called."""
    for offset, mark, content_type, extension in _KNOWN:
        if content[offset : offset + len(mark)] == mark:
            return content_type, extension
    return None
