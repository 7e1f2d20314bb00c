"""Tasks and visits, checklists, attachments, and the people behind an openid."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.engine import Base
from bot.db.types import Json, SealedKey, SealedText, UTCDateTime


class TaskKind(enum.StrEnum):
    """What is to be done."""

    PHONE = "phone"  # 打电话
    VISIT = "visit"  # 上门
    TODO = "todo"  # 别的事


class TaskState(enum.StrEnum):
    """Where a task stands; that it is due follows from the time."""

    PLANNED = "planned"
    MISSED = "missed"  # its time is over, or nobody was met; it can still be done or planned anew
    DONE = "done"
    DROPPED = "dropped"  # no longer needed, and why


class CaseTask(Base):
    """Something to be done for a ticket by a certain time."""

    __tablename__ = "case_task"
    __table_args__ = (
        Index("ix_case_task_state_due_at", "state", "due_at"),
        Index("ix_case_task_staff_id_state", "staff_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(SealedText, default="")
    """What for, in words staff read."""
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Who is to do it; nobody: whoever has the ticket, today or after it was passed on."""
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Nobody: the service planned it by a rule."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(String(8), default=TaskState.PLANNED)
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When its owner was told that it is due."""
    missed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    outcome: Mapped[str] = mapped_column(SealedText, default="")
    """What came of it; or why it was missed or dropped."""
    sync_version: Mapped[int] = mapped_column(default=1)
    """Raised with every change: a form says which it started from."""


class VisitEntry(Base):
    """
    One value somebody wrote into one field of a visit report; rows are only ever added.

    What no other entry of the field replaces is its value.  Two of those are a
    conflict: both were written without sight of the other, and a person settles it.
    """

    __tablename__ = "visit_entry"
    __table_args__ = (UniqueConstraint("task_id", "field", "once"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("case_task.id"))
    field: Mapped[str] = mapped_column(String(24))
    text: Mapped[str] = mapped_column(SealedText, default="")
    replaces: Mapped[list[int]] = mapped_column(Json, default=list)
    """The entries whose value the writer saw."""
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    once: Mapped[str] = mapped_column(String(40))
    """Made by the page: a form sent again over a bad connection counts once."""


class Mention(Base):
    """A colleague named in a note of a ticket."""

    __tablename__ = "mention"
    __table_args__ = (
        UniqueConstraint("event_id", "staff_id"),
        Index("ix_mention_staff_id_seen_at", "staff_id", "seen_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("ticket_event.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class CheckItem(Base):
    """One line of a ticket's checklist that somebody ticked or added."""

    __tablename__ = "check_item"
    __table_args__ = (UniqueConstraint("ticket_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    key: Mapped[str] = mapped_column(String(48))
    """Of data/checklists.yaml, or `own:…` for a line of the caseworker's own."""
    text: Mapped[str] = mapped_column(SealedText)
    """As it read when it was ticked: the template may change later."""
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class Attachment(Base):
    """A file a member of staff put into a ticket."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("case_task.id"))
    """The visit it was made on."""
    name: Mapped[str] = mapped_column(SealedText)
    """As staff called it, without folders or control characters."""
    path: Mapped[str] = mapped_column(String(120))
    """Below the data folder's attachments/."""
    content_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the stored bytes."""
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class Household(Base):
    """People who live from one pot."""

    __tablename__ = "household"

    id: Mapped[int] = mapped_column(primary_key=True)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Person(Base):
    """Somebody a ticket may be about; never made one with another by the service."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    alias: Mapped[str] = mapped_column(String(40), unique=True)
    """What staff see, such as K7F2·母亲."""
    name: Mapped[str] = mapped_column(SealedText, default="")
    """As the person told it; empty unless it is needed."""
    name_needed_for: Mapped[str] = mapped_column(SealedText, default="")
    birth_year: Mapped[int | None]
    household_id: Mapped[int | None] = mapped_column(ForeignKey("household.id"), index=True)
    recorded_in_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    """The ticket in which the person was first told of."""
    confidential: Mapped[bool] = mapped_column(default=False)
    """Shown only to who may see a ticket about this person, whoever shares the phone."""
    created_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class ContactPoint(Base):
    """A way to reach people: an openid or a phone, which several persons may share."""

    __tablename__ = "contact_point"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    """openid or phone."""
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("resident.id"), unique=True)
    phone: Mapped[str | None] = mapped_column(SealedKey(20), unique=True)


class PersonContact(Base):
    """That a person is reached by a contact point."""

    __tablename__ = "person_contact"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    contact_id: Mapped[int] = mapped_column(
        ForeignKey("contact_point.id"), primary_key=True, index=True
    )
    relation: Mapped[str] = mapped_column(String(16), default="")
    """What the person is to the owner of the phone: 本人, 母亲, 工友, …"""
    safe: Mapped[bool] = mapped_column(default=True)
    """Whether one may speak of the matter there."""


class Relationship(Base):
    """What one person is to another; ended, never deleted."""

    __tablename__ = "relationship"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    """guardian, spouse, parent, …: *person* is this to *other*."""
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class TicketPerson(Base):
    """Whom a ticket is about."""

    __tablename__ = "ticket_person"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
