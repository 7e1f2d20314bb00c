"""What a dispute is about, who is in it, and what proves it."""

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.engine import Base
from bot.db.types import SealedText, UTCDateTime


class DisputeKind(enum.StrEnum):
    """What law it runs by."""

    WAGES = "wages"  # 拖欠工资: the year runs from the end of employment
    LABOUR = "labour"  # other disputes with an employer
    INJURY = "injury"  # 工伤: the year for having it recognised
    OTHER = "other"  # no clock is known for it


class Side(enum.StrEnum):
    """Where somebody stands."""

    OURS = "ours"
    OTHER = "other"
    THIRD = "third"


class Proof(enum.StrEnum):
    """Whether a piece of evidence is there."""

    HAVE = "have"
    GETTING = "getting"
    NONE = "none"


class Dispute(Base):
    """The facts of one ticket's dispute; its dates follow from them (bot/disputes/rights.py)."""

    __tablename__ = "dispute"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    claim: Mapped[str] = mapped_column(SealedText, default="")
    claim_yuan: Mapped[int | None]
    known_on: Mapped[date | None]
    """When they knew, or should have known, of the wrong."""
    ended_on: Mapped[date | None]
    """When the employment ended; none: it goes on."""
    accident_on: Mapped[date | None]
    """When the injury happened, or the illness was found."""
    mediation_on: Mapped[date | None]
    """When mediation was applied for."""
    filed_on: Mapped[date | None]
    """When arbitration was applied for."""
    accepted_on: Mapped[date | None]
    """When the commission took it."""
    extended: Mapped[bool] = mapped_column(default=False)
    """The commission took the 15 days more that it may take in a complex case."""
    award_on: Mapped[date | None]
    """When the award was received."""
    interrupted_on: Mapped[date | None]
    """When they last claimed it, or the other side agreed to pay: the year begins anew."""
    settled: Mapped[str] = mapped_column(String(12), default="")
    """Empty: open; else agreement, award, court, dropped."""
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    noted_at: Mapped[datetime] = mapped_column(UTCDateTime)


class DisputeParty(Base):
    """Somebody in a dispute."""

    __tablename__ = "dispute_party"

    id: Mapped[int] = mapped_column(primary_key=True)
    dispute_id: Mapped[int] = mapped_column(ForeignKey("dispute.id"), index=True)
    side: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(SealedText)
    part: Mapped[str] = mapped_column(SealedText, default="")
    """What they are in it: 包工头, 总包单位, 工友, …"""


class DisputeEvidence(Base):
    """One piece of evidence, there or still to be got."""

    __tablename__ = "dispute_evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    dispute_id: Mapped[int] = mapped_column(ForeignKey("dispute.id"), index=True)
    what: Mapped[str] = mapped_column(SealedText)
    state: Mapped[str] = mapped_column(String(8))
    note: Mapped[str] = mapped_column(SealedText, default="")
