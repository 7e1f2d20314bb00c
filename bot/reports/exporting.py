"""What a file of tickets holds: the columns to choose from, and the row of each ticket."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from bot.casefile.masking import identity_masked
from bot.inbox import InboundMessage
from bot.knowledge.topics import load_topics
from bot.people.areas import full_name
from bot.people.tables import Resident, Role, Scene, Staff, Team
from bot.reports.dimensions import COUNTY_DIGITS
from bot.reports.sheet import Column, Kind, Sheet, Value
from bot.tickets import hours
from bot.tickets import narrow as narrowing
from bot.tickets.allowed import STATE_NAMES
from bot.tickets.hours import Office
from bot.tickets.narrow import LANGUAGE, Narrow
from bot.tickets.scope import visible
from bot.tickets.sharing import without_guardian
from bot.tickets.tables import State, Ticket
from bot.tickets.words import CLOSE_CODES, INTENTS, LEVELS, URGENCIES

TITLE = "工单"
AT_A_TIME = 500
HOUR = 3600


@dataclass(frozen=True, slots=True)
class Line:
    """One ticket with what its row needs."""

    ticket: Ticket
    alias: str
    scene: str
    language: str
    assignee: str
    team: str
    office: Office
    messages: Sequence[str] = field(default=())


@dataclass(frozen=True, slots=True)
class Choice:
    """One column somebody may choose."""

    column: Column
    value: Callable[[Line], Value]
    words: bool = False
    """Whether it holds what was said: never without being asked for, and a reason."""


def _text(header: str, width: int, value: Callable[[Line], Value]) -> Choice:
    return Choice(Column(header, Kind.TEXT, width), value)


def _words(header: str, width: int, value: Callable[[Line], str]) -> Choice:
    column = Column(header, Kind.TEXT, width)
    return Choice(column, lambda it: identity_masked(value(it)), words=True)


def _moment(header: str, name: str) -> Choice:
    return Choice(Column(header, Kind.MOMENT, 17), lambda it: getattr(it.ticket, name))


def _hours(header: str, name: str) -> Choice:
    return Choice(
        Column(header, Kind.NUMBER, 12), lambda it: _worked(it, getattr(it.ticket, name))
    )


def _number(header: str, name: str) -> Choice:
    return Choice(Column(header, Kind.NUMBER, 10), lambda it: getattr(it.ticket, name))


_SATISFIED = {True: "满意", False: "不满意", None: ""}
CHOICES: Mapping[str, Choice] = {
    "number": _text("编号", 12, lambda it: it.ticket.number),
    "resident": _text("居民代号", 12, lambda it: it.alias),
    "opened": _moment("登记时间", "opened_at"),
    "state": _text("状态", 12, lambda it: STATE_NAMES[State(it.ticket.state)]),
    "topic": _text("事项", 22, lambda it: load_topics().name(it.ticket.topic)),
    "service": _text("服务领域", 12, lambda it: it.ticket.service),
    "intent": _text("来意", 10, lambda it: _name(INTENTS, it.ticket.intent)),
    "urgency": _text("紧急程度", 10, lambda it: _name(URGENCIES, it.ticket.urgency)),
    "level": _text("级别", 10, lambda it: _name(LEVELS, it.ticket.level)),
    "area": _text("县区", 22, lambda it: full_name(it.ticket.area_code[:COUNTY_DIGITS])),
    "area_code": _text("区划代码", 14, lambda it: it.ticket.area_code),
    "language": _text("语言", 8, lambda it: it.language),
    "scene": _text("来路", 16, lambda it: it.scene),
    "person": _text("负责人", 10, lambda it: it.assignee),
    "team": _text("团队", 12, lambda it: it.team),
    "accepted": _moment("签收时间", "accepted_at"),
    "reply_due": _moment("回复期限", "reply_due_at"),
    "first_reply": _moment("首次回复时间", "first_reply_at"),
    "first_reply_hours": _hours("首次回复用时（工作小时）", "first_reply_at"),
    "resolved": _moment("办好时间", "resolved_at"),
    "resolve_hours": _hours("办理用时（工作小时）", "resolved_at"),
    "closed": _moment("办结时间", "closed_at"),
    "code": _text("办结方式", 14, lambda it: _name(CLOSE_CODES, it.ticket.close_code or "")),
    "satisfied": _text("回访时满不满意", 12, lambda it: _SATISFIED[it.ticket.satisfied]),
    "reopened": _number("重开次数", "reopened"),
    "hand_backs": _number("退回次数", "hand_backs"),
    "supervised": _moment("督办开始", "supervised_at"),
    "outcome": _words("办理结果", 40, lambda it: it.ticket.outcome),
    "messages": _words("居民原话", 60, lambda it: "\n".join(it.messages)),
}  # fmt: skip
USUAL = tuple(key for key, choice in CHOICES.items() if not choice.words)


def chosen(keys: Sequence[str], *, with_words: bool) -> list[str]:
    """Return the columns of a file, in their order; the number is always among them."""
    return [
        key
        for key, choice in CHOICES.items()
        if key == "number" or (key in keys and (with_words or not choice.words))
    ]


def sheet(columns: Sequence[str]) -> Sheet:
    """Return the sheet of these columns."""
    return Sheet(TITLE, [CHOICES[key].column for key in columns])


def may_have(staff: Staff) -> ColumnElement[bool]:
    """
    Return the condition for tickets this person may take away in a file.

    A supervisor what they see, a caseworker their own; of confidential lanes nobody any,
    nor of children for whom no guardian has agreed.
    """
    own = [Ticket.assignee_id == staff.id] if staff.role != Role.SUPERVISOR else []
    met = visible(staff) & (Ticket.lane == "") & ~without_guardian()
    for one in own:
        met &= one
    return met


def rows(
    session: Session,
    staff: Staff,
    *,
    narrow: Narrow,
    columns: Sequence[str],
    now: datetime,
    office: Office,
) -> Iterator[Sequence[Value]]:
    """Yield one row a ticket, oldest first; never all of them at once."""
    found = session.execute(
        _wanted(staff, narrow, now), execution_options={"yield_per": AT_A_TIME}
    )
    choices = [CHOICES[key] for key in columns]
    for part in found.partitions():
        said = _messages(session, [row[0].id for row in part]) if "messages" in columns else {}
        for ticket, alias, scene, language, person, team in part:
            messages = said.get(ticket.id, ())
            line = Line(ticket, alias, scene, language, person, team, office, messages)
            yield [choice.value(line) for choice in choices]
        session.expunge_all()


def _wanted(staff: Staff, narrow: Narrow, now: datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(Ticket, Resident.alias, _or(Scene.name, Resident.scene), LANGUAGE,
               _or(Staff.name, ""), _or(Team.name, ""))
        .join(Resident, Resident.id == Ticket.resident_id)
        .outerjoin(Scene, Scene.code == Resident.scene)
        .outerjoin(Staff, Staff.id == Ticket.assignee_id)
        .outerjoin(Team, Team.id == Staff.team_id)
        .where(may_have(staff), *narrowing.conditions(narrow, now=now))
        .order_by(Ticket.opened_at, Ticket.id)
    )  # fmt: skip


def _or(column: Any, otherwise: Any) -> ColumnElement[str]:  # noqa: ANN401 (columns of any kind)
    return func.coalesce(column, otherwise)


def _messages(session: Session, ticket_ids: Sequence[int]) -> Mapping[int, list[str]]:
    found = session.execute(
        select(InboundMessage.ticket_id, InboundMessage.text)
        .where(InboundMessage.ticket_id.in_(ticket_ids), InboundMessage.text != "")
        .order_by(InboundMessage.id)
    )
    said: dict[int, list[str]] = {}
    for ticket_id, text in found:
        said.setdefault(ticket_id or 0, []).append(text)
    return said


def _worked(line: Line, until: datetime | None) -> float | None:
    if until is None:
        return None
    span = hours.between(line.ticket.opened_at, until, line.office)
    return round(span.total_seconds() / HOUR, 2)


def _name(names: Mapping[Any, str], key: str) -> str:
    return names.get(key, key)
