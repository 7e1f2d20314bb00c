"""The model that all hosts are to answer with, kept in the database in pieces."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot import sealing
from bot.errors import SealError
from bot.understanding.tables import NluChoice, NluModel, NluModelPiece

PIECE = 1024 * 1024
KEPT = 2
"""The chosen model and the one before it, which a rollback goes back to."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which model is in use, since which choice."""

    choice: int
    model_id: int
    name: str
    chosen_at: datetime
    host: str


def chosen(session: Session) -> Chosen | None:
    """Return what all hosts are to answer with; None: each has its own."""
    row = session.execute(
        select(NluChoice, NluModel.name)
        .join(NluModel, NluModel.id == NluChoice.model_id)
        .order_by(NluChoice.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    choice, name = row
    return Chosen(choice.id, choice.model_id, name, choice.chosen_at, choice.host)


def choose(session: Session, name: str, archive: bytes, *, host: str, now: datetime) -> bool:
    """Have all hosts answer with this archive; False where they do already."""
    digest = _digest(archive)
    known = session.scalars(select(NluModel).where(NluModel.digest == digest)).first()
    model = known or _keep(session, name, archive, digest)
    present = chosen(session)
    if present is not None and present.model_id == model.id:
        return False
    session.add(NluChoice(model_id=model.id, chosen_at=now, host=host[:80]))
    session.flush()
    _forget(session)
    return True


def archive_of(session: Session, model_id: int) -> bytes:
    """
    Return the archive of a model.

    Raises:
        SealError: it is not what a host with our keys put there.
    """
    digest = session.scalars(select(NluModel.digest).where(NluModel.id == model_id)).one()
    pieces = select(NluModelPiece.data).where(NluModelPiece.model_id == model_id)
    archive = b"".join(session.scalars(pieces.order_by(NluModelPiece.position)))
    if _digest(archive) != digest:
        msg = "the NLU model in the database is not the one that was put there"
        raise SealError(msg)
    return archive


def _digest(archive: bytes) -> str:
    return sealing.token(f"nlu:{hashlib.sha256(archive).hexdigest()}")


def _keep(session: Session, name: str, archive: bytes, digest: str) -> NluModel:
    model = NluModel(name=name, digest=digest, bytes=len(archive))
    session.add(model)
    session.flush()
    for position, at in enumerate(range(0, len(archive), PIECE)):
        data = archive[at : at + PIECE]
        session.add(NluModelPiece(model_id=model.id, position=position, data=data))
    session.flush()
    return model


def _forget(session: Session) -> None:
    last = session.scalars(select(NluChoice.model_id).order_by(NluChoice.id.desc()))
    kept: Sequence[int] = [*dict.fromkeys(last)][:KEPT]
    for table, column in (
        (NluModelPiece, NluModelPiece.model_id),
        (NluChoice, NluChoice.model_id),
        (NluModel, NluModel.id),
    ):
        session.execute(delete(table).where(column.not_in(kept)))
