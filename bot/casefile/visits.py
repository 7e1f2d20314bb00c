"""
What was found on a visit, written field by field and never overwritten.

A report may lie on a phone without a connection while a colleague writes into
it.  So every value names the values it was written over.  Whoever saves
without having seen the other's value leaves two, and a person settles which.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.casefile.tables import CaseTask, TaskKind, VisitEntry
from bot.casefile.tasks import taken
from bot.errors import InvalidInputError
from bot.people.tables import Staff
from bot.tickets.change import note_event
from bot.tickets.sharing import refuse_unconsented

FIELDS = {
    "met": "见到了谁",
    "home": "家里、住处的情况",
    "said": "他自己怎么说",
    "needs": "需要什么",
    "done": "当场做了什么",
    "next": "接下来谁做什么，哪天前",
}
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a field, and who wrote it."""

    id: int
    text: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the report: its value, or the values nobody has settled between."""

    key: str
    label: str
    values: Sequence[Value]

    @property
    def text(self) -> str:
        """What stands in the field; of several values, the first written."""
        return self.values[0].text if self.values else ""

    @property
    def base(self) -> str:
        """What a form passes back to say which values its writer saw."""
        return ",".join(str(value.id) for value in self.values)

    @property
    def disputed(self) -> bool:
        """Whether two people wrote it without sight of each other."""
        return len(self.values) > 1


@dataclass(frozen=True, slots=True)
class Written:
    """One field as a form sends it."""

    text: str
    seen: Collection[int] = ()
    """The ids of the values the form showed when the writer began."""


@dataclass(frozen=True, slots=True)
class Hand:
    """Who writes, when, and in which opened form: one sent again counts once."""

    staff: Staff
    form: str
    now: datetime


def report(session: Session, task: CaseTask) -> list[Field]:
    """Return the report as it stands, every field, with what is not settled."""
    names = {person.id: person.name for person in session.scalars(select(Staff))}
    entries = _entries(session, task)
    return [
        Field(
            key,
            label,
            [Value(it.id, it.text, names[it.staff_id], it.at) for it in _standing(entries, key)],
        )
        for key, label in FIELDS.items()
    ]


def save(
    session: Session, task_id: int, written: Mapping[str, Written], *, by: Hand
) -> list[Field]:
    """
    Keep what was written, and return the report as it stands then.

    A field somebody else changed after the writer began keeps both values.
    A field that was left as it was takes nothing back that came meanwhile.
    What names all values of a field settles between them.

    Raises:
        NotFoundError: no such task, or this person may not see its ticket.
        InvalidInputError: it is no visit, a text is too long, or the ticket is about
            what needs a consent that nobody gave.
    """
    task, ticket = taken(session, task_id, by.staff)
    if task.kind != TaskKind.VISIT:
        msg = "只有上门才写走访记录。"
        raise InvalidInputError(msg)
    _refuse_long(written)
    refuse_unconsented(session, ticket)
    entries = _entries(session, task)
    added = [
        _entry(task, entries, key, new.text.strip(), replaces, by)
        for key, new in written.items()
        if (replaces := _replaces(entries, key, new, by)) is not None
    ]
    session.add_all(added)
    session.flush()
    fields = report(session, task)
    if added:
        task.sync_version += 1
        note_event(
            session, ticket, "visit_written", now=by.now, staff=by.staff, task_id=task.id,
            fields=[entry.field for entry in added],
            disputed=[field.key for field in fields if field.disputed],
        )  # fmt: skip
    return fields


def summary(fields: Sequence[Field]) -> str:
    """Write the report in one text, for the ticket's history."""
    return "\n".join(f"{field.label}：{field.text}" for field in fields if field.text)


def _entries(session: Session, task: CaseTask) -> list[VisitEntry]:
    of_task = select(VisitEntry).where(VisitEntry.task_id == task.id).order_by(VisitEntry.id)
    return list(session.scalars(of_task))


def _standing(entries: Sequence[VisitEntry], key: str) -> list[VisitEntry]:
    """The entries of a field that no other replaces."""
    replaced = {old for entry in entries for old in entry.replaces}
    return [entry for entry in entries if entry.field == key and entry.id not in replaced]


def _replaces(entries: Sequence[VisitEntry], key: str, new: Written, by: Hand) -> list[int] | None:
    """The values that the new one is written over; None where nothing new was written."""
    text, standing = new.text.strip(), _standing(entries, key)
    own = [it for it in entries if it.field == key and _of_form(it, by)]
    # What this very form wrote before was before its writer's eyes too.
    seen = set(new.seen) | {entry.id for entry in own}
    if len(standing) > 1 and {entry.id for entry in standing} <= set(new.seen):
        return [entry.id for entry in standing]  # settled, even with the text of one of them
    shown = own[-1:] or [it for it in entries if it.id in new.seen and it.field == key][:1]
    if text == (shown[0].text if shown else ""):
        return None
    if text in {entry.text for entry in standing}:
        return None
    return [entry.id for entry in standing if entry.id in seen]


def _entry(
    task: CaseTask,
    entries: Sequence[VisitEntry],
    key: str,
    text: str,
    replaces: list[int],
    by: Hand,
) -> VisitEntry:
    number = sum(it.field == key and _of_form(it, by) for it in entries)
    return VisitEntry(
        task_id=task.id,
        field=key,
        text=text,
        replaces=replaces,
        staff_id=by.staff.id,
        at=by.now,
        once=f"{by.form}.{number}",
    )


def _of_form(entry: VisitEntry, by: Hand) -> bool:
    return entry.staff_id == by.staff.id and entry.once.rpartition(".")[0] == by.form


def _refuse_long(written: Mapping[str, Written]) -> None:
    for key, new in written.items():
        if len(new.text) > LONGEST:
            msg = f"“{FIELDS[key]}”太长了：最多{LONGEST}字，现在{len(new.text)}字。"
            raise InvalidInputError(msg)
