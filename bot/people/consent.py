"""
What residents agreed to, or not: asked in plain words, written down with the words' version.

A yes or no is a row that is never changed; the last one of its kind and object
counts, so that a yes is taken back by a no.  What goes on without a yes, because a
life is in danger or the law demands it, is a row too, with its ground.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from bot.privacy.tables import Consent, ConsentKind, ConsentQuestion, Ground, How

Given = Consent | None


@dataclass(frozen=True, slots=True)
class Object:
    """What a consent is for."""

    kind: ConsentKind
    about: str = ""
    """sharing: `org:7` or nothing; sensitive: a key of data/consent.yaml."""
    to: str = ""
    """Who gets it, in words; two of one name are one."""
    what: str = ""
    """What of it, in words."""
    ticket_id: int | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """How a yes or no came to us."""

    how: How = How.CHAT
    by: str = ""
    """Who said it, where that is not the owner of the phone: 孩子的奶奶."""
    staff_id: int | None = None
    """Who wrote it down."""
    ground: Ground = Ground.CONSENT
    reason: str = ""
    """Why it goes on without a yes."""


def note(
    session: Session,
    resident_id: int,
    kind: ConsentKind,
    *,
    version: str,
    given: bool,
    now: datetime,
) -> Consent:
    """Write down a yes or a no to the notice; the same again adds nothing."""
    last = latest(session, resident_id, Object(kind))
    if last is not None and (last.version, last.given) == (version, given):
        return last
    return write(session, resident_id, Object(kind), version=version, given=given, now=now)


def write(  # noqa: PLR0913 (all of it is what a consent is)
    session: Session,
    resident_id: int,
    it: Object,
    *,
    version: str,
    given: bool,
    now: datetime,
    said: Said | None = None,
) -> Consent:
    """Add a yes or a no, and take it for the answer to every question about the same."""
    said = said or Said()
    row = Consent(
        resident_id=resident_id, ticket_id=it.ticket_id, kind=it.kind, about=it.about, to=it.to,
        what=it.what, version=version, given=given, at=now, how=said.how, said_by=said.by,
        by_id=said.staff_id, ground=said.ground, reason=said.reason,
    )  # fmt: skip
    session.add(row)
    session.flush()
    if said.ground == Ground.CONSENT:
        _answered(session, resident_id, it, given=given, now=now)
    return row


def latest(session: Session, resident_id: int, it: Object) -> Given:
    """Return what they said last of it; None: nothing yet."""
    rows = session.scalars(select(Consent).where(*_same(Consent, resident_id, it)))
    said = [row for row in rows if row.ground == Ground.CONSENT and row.to == it.to]
    return max(said, key=lambda row: row.id, default=None)


def lives(session: Session, resident_id: int, it: Object) -> bool:
    """Say whether they said yes, and have not taken it back."""
    last = latest(session, resident_id, it)
    return last is not None and last.given


def ask(
    session: Session,
    resident_id: int,
    it: Object,
    *,
    version: str,
    now: datetime,
    by_id: int | None = None,
) -> ConsentQuestion:
    """Note that it was asked; while that is open it is asked once."""
    open_ = session.scalars(
        select(ConsentQuestion).where(
            *_same(ConsentQuestion, resident_id, it), ConsentQuestion.answered_at.is_(None)
        )
    )
    for question in open_:
        if (question.to, question.ticket_id) == (it.to, it.ticket_id):
            return question
    question = ConsentQuestion(
        resident_id=resident_id, ticket_id=it.ticket_id, kind=it.kind, about=it.about, to=it.to,
        what=it.what, version=version, asked_at=now, asked_by_id=by_id,
    )  # fmt: skip
    session.add(question)
    session.flush()
    return question


def questions(session: Session, resident_id: int, it: Object) -> Sequence[ConsentQuestion]:
    """Return how often it was asked, answered or not."""
    found = select(ConsentQuestion).where(*_same(ConsentQuestion, resident_id, it))
    return session.scalars(found).all()


def waiting(session: Session, resident_id: int, *kinds: ConsentKind) -> ConsentQuestion | None:
    """Return the youngest question of these kinds that waits for an answer."""
    return session.scalars(
        select(ConsentQuestion)
        .where(
            ConsentQuestion.resident_id == resident_id,
            ConsentQuestion.kind.in_(kinds),
            ConsentQuestion.answered_at.is_(None),
        )
        .order_by(ConsentQuestion.id.desc())
        .limit(1)
    ).first()


def object_of(row: Consent | ConsentQuestion) -> Object:
    """Return what the row is about."""
    return Object(ConsentKind(row.kind), row.about, row.to, row.what, row.ticket_id)


def live_ones(session: Session, resident_id: int) -> list[Consent]:
    """Return what they agreed to one by one and have not taken back; not the notice."""
    rows = session.scalars(
        select(Consent)
        .where(
            Consent.resident_id == resident_id,
            Consent.kind != ConsentKind.NOTICE,
            Consent.ground == Ground.CONSENT,
        )
        .order_by(Consent.id)
    )
    last = {(row.kind, row.about, row.to, _ticket(object_of(row))): row for row in rows}
    return [row for row in last.values() if row.given]


def of_ticket(session: Session, resident_id: int, ticket_id: int) -> Sequence[Consent]:
    """Return what was said about this ticket, or about all of them, the newest first."""
    return session.scalars(
        select(Consent)
        .where(
            Consent.resident_id == resident_id,
            or_(Consent.ticket_id == ticket_id, Consent.kind != ConsentKind.SHARING),
        )
        .order_by(Consent.id.desc())
    ).all()


def _ticket(it: Object) -> int | None:
    return it.ticket_id if it.kind == ConsentKind.SHARING else None


def _same(
    table: type[Consent] | type[ConsentQuestion], resident_id: int, it: Object
) -> list[ColumnElement[bool]]:
    """What goes to others is agreed to for one matter, the rest once for all of them."""
    met = [table.resident_id == resident_id, table.kind == it.kind, table.about == it.about]
    return [*met, table.ticket_id == it.ticket_id] if it.kind == ConsentKind.SHARING else met


def _answered(
    session: Session, resident_id: int, it: Object, *, given: bool, now: datetime
) -> None:
    rows = session.scalars(select(ConsentQuestion).where(*_same(ConsentQuestion, resident_id, it)))
    for question in rows:
        if question.to == it.to:
            question.given, question.answered_at = given, now
    session.flush()
