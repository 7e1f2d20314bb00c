"""Files that no row names: left where a transaction failed after its file was written."""

import itertools
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy import Engine, select

from bot.casefile.attachments import FOLDER as ATTACHMENTS
from bot.casefile.tables import Attachment
from bot.db.engine import reading
from bot.media import FOLDER as MEDIA
from bot.media import Media
from bot.outbox.tables import FILES, OutboundMessage

log = structlog.get_logger(__name__)

OLDEST = timedelta(days=2)
"""A younger one may be of a transaction that is still open."""
FEW, ONE_IN = 20, 10
"""More than so many, or all, and more than one in so many: the rows are missing, not the files."""


def sweep(engine: Engine, data_dir: Path, *, now: datetime) -> int:
    """
    Delete what people sent and nothing leads to any more; return how many files.

    A deletion goes by the rows and never finds it.  Where much is unknown the service looks
    into another database than the one the files are of, and nothing is touched.
    """
    known = _named(engine)
    before = (now - OLDEST).timestamp()
    old = [path for path in _files(data_dir) if path.stat().st_mtime < before]
    lost = [path for path in old if path.relative_to(data_dir).as_posix() not in known]
    if lost and len(lost) > max(min(FEW, len(old) - 1), len(old) // ONE_IN):
        log.warning("many_files_without_a_row", files=len(lost), of=len(old))
        return 0
    for path in lost:
        path.unlink(missing_ok=True)
    return len(lost)


def _files(data_dir: Path) -> Iterator[Path]:
    for folder in (MEDIA, ATTACHMENTS):
        yield from (it for it in (data_dir / folder).rglob("*") if it.is_file())


def _named(engine: Engine) -> set[str]:
    """Return every file that a row names, as it lies below the data folder."""
    with reading(engine) as session:
        media = itertools.chain.from_iterable(
            session.execute(select(Media.path, Media.preview_path)).all()
        )
        sent = session.scalars(
            select(OutboundMessage.details).where(OutboundMessage.kind.in_(FILES))
        )
        kept = {f"{MEDIA}/{it}" for it in [*media, *(one.get("path", "") for one in sent)]}
        return kept | {f"{ATTACHMENTS}/{it}" for it in session.scalars(select(Attachment.path))}
