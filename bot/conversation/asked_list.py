"""What residents asked that nobody has looked over: who may, what came of it, what is alike."""

import enum
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, update
from sqlalchemy.orm import Session

from bot.contracts import Action
from bot.conversation.tables import AnswerGiven
from bot.inbox import InboundMessage
from bot.knowledge.tables import EntryVersion
from bot.knowledge.tokens import grams
from bot.people.tables import Discretion, Resident, Role, Staff
from bot.privacy.tables import Consent, ConsentKind
from bot.tickets import scope
from bot.tickets.tables import Lane, Ticket

MOST = 400
"""Questions that are read for a page, those that wait longest first."""
ALIKE = 0.6
"""Share of the terms of two questions that both have."""
MOST_ALIKE = 12
"""Questions of a group: all are shown before they are settled at one tap."""


class Did(enum.StrEnum):
    """What a resident did with what they were shown."""

    PICKED = "picked"
    USEFUL = "useful"
    USELESS = "useless"
    NONE = "none"
    DECLINED = "declined"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Question:
    """One question, and what came of it."""

    id: int
    text: str
    action: str
    shown: tuple[str, ...]
    did: Did
    given: str
    """The entry whose answer they got, at once or when they picked it; else nothing."""
    at: datetime

    @property
    def right(self) -> str:
        """The entry that answers it as far as they said."""
        return "" if self.did == Did.USELESS else self.given

    @property
    def refused(self) -> tuple[str, ...]:
        """Entries that they were shown and did not want."""
        if self.did == Did.USELESS:
            return (self.given,)
        return self.shown if self.did == Did.NONE else ()


@dataclass(slots=True)
class Group:
    """Questions that are alike, the one that waits longest first."""

    questions: list[Question] = field(default_factory=list)

    @property
    def first(self) -> Question:
        """The one that stands for all."""
        return self.questions[0]

    @property
    def refused(self) -> frozenset[str]:
        """Entries that somebody who asked so was shown and did not want."""
        return frozenset(entry for one in self.questions for entry in one.refused)

    @property
    def right(self) -> str:
        """The entry that most of them say answers it; empty: nobody said."""
        said = Counter(one.right for one in self.questions if one.right)
        return said.most_common(1)[0][0] if said else ""


def waiting(session: Session, staff: Staff) -> list[Question]:
    """Return the questions this person may look over, oldest first."""
    rows = session.scalars(
        select(InboundMessage).where(*_waits(staff)).order_by(InboundMessage.id).limit(MOST)
    ).all()
    ids = [row.id for row in rows]
    given, gone_on = _given(session, ids), _handed_over(session, ids)
    return [_question(row, given.get(row.id), none=row.id in gone_on) for row in rows]


def grouped(questions: Iterable[Question]) -> list[Group]:
    """Put together what is alike and led to the same; the most frequent first."""
    groups: list[tuple[str, frozenset[str], Group]] = []
    for one in questions:
        key, terms = one.right or (one.shown[0] if one.shown else ""), frozenset(grams(one.text))
        for other_key, other, group in groups:
            full = len(group.questions) >= MOST_ALIKE
            if key == other_key and not full and _share(terms, other) >= ALIKE:
                group.questions.append(one)
                break
        else:
            groups.append((key, terms, Group([one])))
    return sorted((group for _, _, group in groups), key=lambda group: -len(group.questions))


def settle(session: Session, staff: Staff, ids: Collection[int]) -> int:
    """Take these of the questions this person may see off the list; return how many were on it."""
    done = session.scalars(
        update(InboundMessage)
        .where(InboundMessage.id.in_(ids), *_waits(staff))
        .values(shown=None)
        .returning(InboundMessage.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(done)


def _waits(staff: Staff) -> tuple[ColumnElement[bool], ...]:
    """
    Return the conditions for questions this person may look over.

    Those of a matter they may read, and of residents of their organisation or none that belong
    to no matter.
    """
    if staff.role != Role.SUPERVISOR:
        return (false(),)
    residents = _residents()
    own = Resident.organisation_id == staff.organisation_id
    house = [or_(own, Resident.organisation_id.is_(None))] if staff.organisation_id else []
    free = InboundMessage.resident_id.in_(residents.where(*house))
    readable = InboundMessage.ticket_id.in_(select(Ticket.id).where(scope.visible(staff)))
    return (
        InboundMessage.shown.is_not(None),
        InboundMessage.text != "",
        InboundMessage.resident_id.in_(residents),
        or_(and_(InboundMessage.ticket_id.is_(None), free), readable),
    )


def _residents() -> Select[int]:
    """Return those without a confidential matter, who share no phone and did not refuse."""
    confidential = select(Ticket.resident_id).where(Ticket.lane != Lane.NONE)
    last = select(func.max(Consent.id)).where(Consent.kind == ConsentKind.NOTICE)
    refused = select(Consent.resident_id).where(
        Consent.id.in_(last.group_by(Consent.resident_id)), Consent.given.is_(False)
    )
    return select(Resident.id).where(
        Resident.discretion == Discretion.NONE,
        Resident.id.not_in(confidential),
        Resident.id.not_in(refused),
    )


def _question(
    row: InboundMessage, given: tuple[str, bool | None] | None, *, none: bool
) -> Question:
    entry, useful = given or ("", None)
    did = Did.NOTHING
    if useful is not None:
        did = Did.USEFUL if useful else Did.USELESS
    elif row.action == Action.OFFER and (entry or none):
        did = Did.PICKED if entry else Did.NONE
    elif row.action == Action.DECLINE:
        did = Did.DECLINED
    shown = tuple((row.shown or "").split())
    return Question(row.id, row.text, row.action, shown, did, entry, row.received_at)


def _given(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, bool | None]]:
    """Return for each question the entry that was sent for it, at once or when picked."""
    asked = func.coalesce(InboundMessage.about_id, InboundMessage.id)
    rows = session.execute(
        select(asked, EntryVersion.entry_id, AnswerGiven.useful)
        .join(InboundMessage, InboundMessage.id == AnswerGiven.inbound_id)
        .join(EntryVersion, EntryVersion.id == AnswerGiven.version_id)
        .where(or_(InboundMessage.id.in_(ids), InboundMessage.about_id.in_(ids)))
        .order_by(AnswerGiven.id)
    )
    return {number: (entry, useful) for number, entry, useful in rows}


def _handed_over(session: Session, ids: Sequence[int]) -> set[int]:
    """Return the questions after whose offer a person was asked for."""
    rows = select(InboundMessage.about_id).where(
        InboundMessage.about_id.in_(ids), InboundMessage.action == Action.HANDOFF
    )
    return {number for number in session.scalars(rows) if number is not None}


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(len(one | other), 1)
