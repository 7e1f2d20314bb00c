"""What is to be asked and done in a matter of this kind, ticked off with who and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from secrets import token_urlsafe

import yaml
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.casefile.tables import CheckItem
from bot.errors import InvalidInputError, NotFoundError
from bot.knowledge.topics import load_topics
from bot.people.tables import Staff
from bot.tickets.acting import required
from bot.tickets.change import note_event
from bot.tickets.tables import Ticket

FILE = Path(__file__).parents[2] / "data" / "checklists.yaml"
LONGEST = 100
MOST_OWN = 30


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Line(_Shape):
    """One line of a template."""

    key: str = Field(pattern=r"^[a-z_]{2,24}$")
    text: str = Field(min_length=2, max_length=LONGEST)
    facts: tuple[str, ...] = ()
    """Facts of the ticket that may hold the answer already."""


class Template(_Shape):
    """The lines for matters of some topics."""

    title: str
    topics: tuple[str, ...] = ()
    """None: for every topic that has no list of its own."""
    lines: tuple[Line, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Item:
    """One line as it stands for a ticket."""

    key: str
    text: str
    said: str
    """What the resident said of it, as the machine found it."""
    done_at: datetime | None
    done_by: str


@dataclass(frozen=True, slots=True)
class Checklist:
    """A ticket's list: the template's lines, then the caseworker's own."""

    title: str
    items: Sequence[Item]

    @property
    def done(self) -> int:
        """How many are ticked."""
        return sum(item.done_at is not None for item in self.items)


@cache
def templates(path: Path = FILE) -> Mapping[str, Template]:
    """
    Read the templates once per process, by topic; "" holds the one for all others.

    Raises:
        ValueError: a topic is unknown or has two lists, or a key stands twice in one.
    """
    read = [Template.model_validate(it) for it in yaml.safe_load(path.read_text("utf-8"))]
    found: dict[str, Template] = {}
    for template in read:
        keys = [line.key for line in template.lines]
        for topic in template.topics or ("",):
            if topic in found or (topic and topic not in load_topics().keys):
                msg = f"{path.name}: topic {topic!r} is unknown or has two lists"
                raise ValueError(msg)
            found[topic] = template
        if len(set(keys)) < len(keys):
            msg = f"{path.name}: a key stands twice in {template.title}"
            raise ValueError(msg)
    return found


def of_ticket(session: Session, ticket: Ticket) -> Checklist:
    """Return the list of the ticket; a line that was ticked stays though its template goes."""
    rows = session.execute(
        select(CheckItem, Staff.name)
        .outerjoin(Staff, Staff.id == CheckItem.done_by_id)
        .where(CheckItem.ticket_id == ticket.id)
        .order_by(CheckItem.id)
    ).all()
    ticked = {item.key: (item, name or "") for item, name in rows}
    template = _template(ticket)
    lines = [
        _item(line.key, line.text, _said(ticket, line), ticked.pop(line.key, None))
        for line in template.lines
    ]
    own = [_item(item.key, item.text, "", (item, name)) for item, name in ticked.values()]
    return Checklist(template.title, [*lines, *own])


def tick(
    session: Session, ticket: Ticket, key: str, *, done: bool, by: Staff, now: datetime
) -> None:
    """
    Note who ticked the line when, or took the tick back; as it stands already: nothing.

    Raises:
        NotFoundError: the list has no such line.
    """
    item = session.scalar(
        select(CheckItem)
        .where(CheckItem.ticket_id == ticket.id, CheckItem.key == key)
        .with_for_update()
    )
    if item is None:
        item = CheckItem(ticket_id=ticket.id, key=key, text=_line(ticket, key))
        session.add(item)
    if (item.done_at is not None) == done:
        return
    item.done_at, item.done_by_id = (now, by.id) if done else (None, None)
    session.flush()
    note_event(
        session, ticket, "checked" if done else "unchecked", now=now, staff=by, text=item.text,
        key=key,
    )  # fmt: skip


def add(session: Session, ticket: Ticket, text: str, *, by: Staff, now: datetime) -> None:
    """Add a line of one's own."""
    words = required(text, "请写要问、要办的一句话。")
    if len(words) > LONGEST:
        msg = f"一条最多{LONGEST}字，可以分成几条。"
        raise InvalidInputError(msg)
    own = select(CheckItem.id).where(
        CheckItem.ticket_id == ticket.id, CheckItem.key.startswith("own:")
    )
    if len(session.scalars(own).all()) >= MOST_OWN:
        msg = f"自己加的最多{MOST_OWN}条。"
        raise InvalidInputError(msg)
    item = CheckItem(
        ticket_id=ticket.id, key=f"own:{token_urlsafe(9)}", text=words, added_by_id=by.id
    )
    session.add(item)
    session.flush()
    note_event(session, ticket, "check_added", now=now, staff=by, text=words, key=item.key)


def _template(ticket: Ticket) -> Template:
    found = templates()
    return found.get(ticket.topic) or found[""]


def _line(ticket: Ticket, key: str) -> str:
    for line in _template(ticket).lines:
        if line.key == key:
            return line.text
    raise NotFoundError(key)


def _said(ticket: Ticket, line: Line) -> str:
    """What the resident's words hold of the answer; only ever a hint."""
    for fact in line.facts:
        value = ticket.facts.get(fact)
        if value not in (None, "", []):
            values = value if isinstance(value, list) else [value]
            return "、".join(str(it) for it in values)
    return ""


def _item(key: str, text: str, said: str, ticked: tuple[CheckItem, str] | None) -> Item:
    item, name = ticked or (None, "")
    return Item(key, item.text if item else text, said, item.done_at if item else None, name)
