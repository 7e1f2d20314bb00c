"""The trained models that all hosts follow, and which of them is chosen."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.engine import Base
from bot.db.types import UTCDateTime


class NluModel(Base):
    """A model that passed the gate on the host that trained it."""

    __tablename__ = "nlu_model"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    """Of its archive: nlu-….tar.gz."""
    digest: Mapped[str] = mapped_column(Text)
    """Of the archive, keyed: who can write here, and has not our keys, plants none."""
    bytes: Mapped[int]


class NluModelPiece(Base):
    """A piece of the archive."""

    __tablename__ = "nlu_model_piece"
    __table_args__ = (UniqueConstraint("model_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    model_id: Mapped[int] = mapped_column(ForeignKey("nlu_model.id"))
    position: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary)


class NluChoice(Base):
    """That a model came into use, or came back; the last one counts."""

    __tablename__ = "nlu_choice"

    id: Mapped[int] = mapped_column(primary_key=True)
    model_id: Mapped[int] = mapped_column(ForeignKey("nlu_model.id"))
    chosen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    host: Mapped[str] = mapped_column(String(80))
    """Where it was trained or gone back to."""
