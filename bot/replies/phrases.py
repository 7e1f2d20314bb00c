"""Ready phrases: somebody's own, their team's, everybody's, and those shipped with the service."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache

import yaml
from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from bot.errors import InvalidInputError, NotAllowedError, NotFoundError
from bot.people.tables import Role, Staff, Team
from bot.replies.tables import QuickReply
from bot.settings import ROOT

SHIPPED = ROOT / "data" / "phrases.yaml"
LONGEST_TITLE = 40
LONGEST_TEXT = 600
MOST_FOUND = 12


class Shared(StrEnum):
    """With whom a phrase is shared."""

    OWN = "own"
    TEAM = "team"
    ALL = "all"
    SHIPPED = "shipped"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase as it is shown and inserted."""

    key: str
    """Its number; of a shipped one `shipped-` and its place."""
    title: str
    text: str
    shared: Shared
    team: str = ""
    team_id: int | None = None
    used: int = 0
    mine_to_change: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """A phrase as it was typed into the form."""

    title: str
    text: str
    shared: Shared
    team_id: int | None = None


def visible_to(session: Session, staff: Staff) -> list[Phrase]:
    """Return every phrase this person may use: their own first, then what is used most."""
    rows = session.execute(
        select(QuickReply, Team.name)
        .outerjoin(Team, Team.id == QuickReply.team_id)
        .where(_visible(staff))
        .order_by(QuickReply.staff_id.is_(None), QuickReply.used.desc(), QuickReply.id)
    )
    return [_phrase(row, team or "", staff) for row, team in rows] + list(shipped())


def search(session: Session, staff: Staff, words: str) -> list[Phrase]:
    """Return the phrases that hold every word, those with them in the title first."""
    wanted = words.split()
    found = [
        phrase
        for phrase in visible_to(session, staff)
        if all(word in phrase.title or word in phrase.text for word in wanted)
    ]
    found.sort(key=lambda phrase: not all(word in phrase.title for word in wanted))
    return found[:MOST_FOUND]


def get(session: Session, staff: Staff, key: str) -> Phrase:
    """
    Return one phrase.

    Raises:
        NotFoundError: there is none, or it is not for this person.
    """
    for phrase in visible_to(session, staff):
        if phrase.key == key:
            return phrase
    raise NotFoundError(key)


def note_used(session: Session, staff: Staff, keys: Sequence[str]) -> None:
    """Count that phrases were put into an answer; what is used most is offered first."""
    ids = [int(key) for key in keys if key.isdecimal()]
    session.execute(
        update(QuickReply)
        .where(QuickReply.id.in_(ids), _visible(staff))
        .values(used=QuickReply.used + 1)
    )


def keep(session: Session, draft: Draft, *, by: Staff, now: datetime, key: str = "") -> QuickReply:
    """
    Keep a new phrase, or change the one of this *key*.

    Raises:
        InvalidInputError: title or text is missing or too long.
        NotAllowedError: it is shared, and only a supervisor changes what is shared.
        NotFoundError: there is no such phrase of theirs.
    """
    title, text = _checked(draft)
    row = _changeable(session, by, key) if key else QuickReply()
    if draft.shared == Shared.OWN:
        row.staff_id, row.team_id = by.id, None
    else:
        _refuse_unless_supervisor(by)
        row.staff_id, row.team_id = None, _team(session, draft)
    row.title, row.text = title, text
    row.changed_by_id, row.changed_at = by.id, now
    session.add(row)
    session.flush()
    return row


def drop(session: Session, key: str, *, by: Staff) -> None:
    """
    Delete a phrase; answers that were written with it stay as they are.

    Raises:
        NotAllowedError: it is shared, and only a supervisor changes what is shared.
        NotFoundError: there is no such phrase of theirs.
    """
    session.delete(_changeable(session, by, key))
    session.flush()


@cache
def shipped() -> tuple[Phrase, ...]:
    """Return the phrases of data/phrases.yaml."""
    listed: Sequence[Mapping[str, str]] = yaml.safe_load(SHIPPED.read_text("utf-8"))
    return tuple(
        Phrase(f"shipped-{place}", one["title"], one["text"].strip(), Shared.SHIPPED)
        for place, one in enumerate(listed, start=1)
    )


def _visible(staff: Staff) -> ColumnElement[bool]:
    everybodys = and_(QuickReply.staff_id.is_(None), QuickReply.team_id.is_(None))
    if staff.role == Role.SUPERVISOR:
        return or_(QuickReply.staff_id == staff.id, QuickReply.staff_id.is_(None))
    if staff.team_id is None:
        return or_(QuickReply.staff_id == staff.id, everybodys)
    own = or_(QuickReply.staff_id == staff.id, QuickReply.team_id == staff.team_id)
    return or_(own, everybodys)


def _phrase(row: QuickReply, team: str, staff: Staff) -> Phrase:
    own = row.staff_id is not None
    shared = Shared.OWN if own else Shared.ALL if row.team_id is None else Shared.TEAM
    may_change = own or staff.role == Role.SUPERVISOR
    return Phrase(
        str(row.id), row.title, row.text, shared, team, row.team_id, row.used, may_change
    )


def _changeable(session: Session, by: Staff, key: str) -> QuickReply:
    row = session.get(QuickReply, int(key)) if key.isdecimal() else None
    if row is None or (row.staff_id is not None and row.staff_id != by.id):
        raise NotFoundError(key)
    if row.staff_id is None:
        _refuse_unless_supervisor(by)
    return row


def _refuse_unless_supervisor(by: Staff) -> None:
    if by.role != Role.SUPERVISOR:
        msg = "大家共用的常用语由督导来改。您可以存成自己的。"
        raise NotAllowedError(msg)


def _team(session: Session, draft: Draft) -> int | None:
    if draft.shared == Shared.ALL:
        return None
    if draft.team_id is None or session.get(Team, draft.team_id) is None:
        msg = "给哪个小组用还没有选。"
        raise InvalidInputError(msg)
    return draft.team_id


def _checked(draft: Draft) -> tuple[str, str]:
    title, text = draft.title.strip(), draft.text.strip()
    for name, value, most in (("名称", title, LONGEST_TITLE), ("内容", text, LONGEST_TEXT)):
        if not value:
            msg = f"{name}还没有写。"
            raise InvalidInputError(msg)
        if len(value) > most:
            msg = f"{name}太长了：最多{most}字，现在{len(value)}字。"
            raise InvalidInputError(msg)
    return title, text
