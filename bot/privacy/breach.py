"""
Who is touched when data got into the wrong hands, by the record of what was looked at (PIPL 57).

It only reads and drafts; nothing is sent, and no account is shut by it.
"""

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import Session

from bot.audit import AuditEvent, of_ticket
from bot.inbox import InboundMessage
from bot.people.signin.tables import Login
from bot.people.tables import Resident, Staff
from bot.privacy.processing import load_book
from bot.reports.tables import Export
from bot.tickets.sharing import wants_guardian
from bot.tickets.tables import Ticket

AT_A_TIME = 500
LOGGED = timedelta(minutes=15)
"""Looking at the same thing within this time is one look of the record."""
WORDS, PICTURES, PAPERS, PEOPLE, LISTS = (
    *(
        "说过的话和经过",
        "图片和语音",
        "案卷附件",
        "家人和电话",
        "工单列表（编号和头几个字）",
    ),
)
PAGES = {
    "tickets.media": PICTURES, "tickets.preview": PICTURES, "tickets.sent": PICTURES,
    "file.show": PAPERS, "file.fetch": PAPERS, "casefile.task": PAPERS,
}  # fmt: skip
DEEDS = {"tickets.list": LISTS, "tickets.search": LISTS, "household.read": PEOPLE}


class Cause(enum.StrEnum):
    """What happened."""

    ACCOUNT = "account"  # somebody else used a login
    ADDRESS = "address"  # somebody came from an address
    DATABASE = "database"  # the database or a backup was taken


CAUSES = {
    Cause.ACCOUNT: "员工账号被别人用了，或者员工自己看了不该看的",
    Cause.ADDRESS: "有人从一个网络地址登录",
    Cause.DATABASE: "数据库、备份或机器被拿走",
}


@dataclass(frozen=True, slots=True)
class Span:
    """What is asked for: from when to when, and by whom or from where."""

    since: datetime
    until: datetime
    cause: Cause
    login: str = ""
    address: str = ""


@dataclass
class Touched:
    """One resident, and what of them was seen."""

    resident: Resident
    numbers: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    by: set[str] = field(default_factory=set)
    sealed: bool = False
    child: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """All that is touched, as far as the record says."""

    span: Span
    residents: Sequence[Touched]
    exports: Sequence[tuple[str, int, str]]
    """Files that were fetched: who, how many rows, of what."""
    loose: Sequence[str]
    """Kinds of data seen of which the record does not say whose they are."""

    @property
    def kinds(self) -> list[str]:
        """Every kind that was touched."""
        seen = {kind for one in self.residents for kind in one.kinds} | set(self.loose)
        return sorted(seen) + (["导出的工单表"] if self.exports else [])


def find(session: Session, span: Span) -> Found:
    """Return who is touched; of a stolen database everybody of whom words are kept."""
    if span.cause == Cause.DATABASE:
        return Found(span, list(_everybody(session, span.until)), [], [])
    events = session.execute(
        select(AuditEvent, Staff.name)
        .join(Staff, Staff.id == AuditEvent.staff_id)
        .where(AuditEvent.at >= span.since - LOGGED, AuditEvent.at <= span.until)
        .where(_whose(session, span))
        .order_by(AuditEvent.id)
    ).all()
    seen: dict[str, Touched] = {}
    tickets = _tickets(session, {event.subject for event, _ in events})
    loose: set[str] = set()
    exports: dict[str, tuple[str, int, str]] = {}
    for event, name in events:
        if event.deed == "export.fetch":
            exports[event.subject] = _export(session, event.subject, name)
        elif event.subject in tickets:
            _add(seen, *tickets[event.subject], event, name)
        elif event.deed in DEEDS:
            loose.add(DEEDS[event.deed])
    order = sorted(seen.values(), key=lambda it: (not it.sealed, not it.child, it.resident.id))
    return Found(span, order, list(exports.values()), sorted(loose))


def drafts(found: Found, *, service: str, zone: ZoneInfo) -> tuple[str, str]:
    """Return the drafts of the report to the authority and of the notice to residents."""
    book, span = load_book().breach, found.span
    since, until = (moment.astimezone(zone) for moment in (span.since, span.until))
    kinds = "、".join(found.kinds) or "＿＿＿＿"
    authority = book.authority.format(
        service=service, since=f"{since:%Y-%m-%d %H:%M}", until=f"{until:%Y-%m-%d %H:%M}",
        kinds=kinds, people=len(found.residents), cause=CAUSES[span.cause],
        sealed=sum(it.sealed for it in found.residents),
        children=sum(it.child for it in found.residents),
    )  # fmt: skip
    return authority, book.resident.format(day=f"{since.month}月{since.day}日", kinds=kinds)


def _whose(session: Session, span: Span) -> ColumnElement[bool]:
    """Whose looks count: of an account, or of whoever was logged in from an address."""
    if span.cause == Cause.ACCOUNT:
        wanted = select(Staff.id).where(Staff.login == span.login.strip())
        return AuditEvent.staff_id.in_(wanted) if span.login.strip() else true()
    logins = session.scalars(
        select(Login).where(
            Login.address == span.address.strip(),
            Login.started_at <= span.until,
            Login.seen_at >= span.since,
        )
    ).all()
    return or_(
        false(),
        *(
            and_(
                AuditEvent.staff_id == it.staff_id,
                AuditEvent.at >= it.started_at,
                AuditEvent.at <= (it.ended_at or it.seen_at + LOGGED),
            )
            for it in logins
        ),
    )


def _add(
    seen: dict[str, Touched], ticket: Ticket, resident: Resident, event: AuditEvent, name: str
) -> None:
    one = seen.setdefault(resident.alias, Touched(resident))
    one.numbers.add(ticket.number)
    one.by.add(name)
    one.kinds.add(PAGES.get(str(event.data.get("page")), WORDS))
    one.sealed |= bool(ticket.lane)
    one.child |= wants_guardian(ticket)


def _tickets(session: Session, subjects: set[str]) -> dict[str, tuple[Ticket, Resident]]:
    numbers = sorted(it.removeprefix("ticket:") for it in subjects if it.startswith("ticket:"))
    found: dict[str, tuple[Ticket, Resident]] = {}
    for start in range(0, len(numbers), AT_A_TIME):
        some = numbers[start : start + AT_A_TIME]
        rows = session.execute(
            select(Ticket, Resident)
            .join(Resident, Resident.id == Ticket.resident_id)
            .where(Ticket.number.in_(some))
        )
        found |= {of_ticket(ticket.number): (ticket, resident) for ticket, resident in rows}
    return found


def _export(session: Session, subject: str, name: str) -> tuple[str, int, str]:
    key = subject.removeprefix("export:")
    export = session.get(Export, int(key)) if key.isdecimal() else None
    if export is None:
        return name, 0, ""
    return name, export.rows or 0, str(export.narrow.get("words") or "全部工单")


def _everybody(session: Session, until: datetime) -> Iterator[Touched]:
    """Whoever has words kept: with the keys in safe hands nobody can read them."""
    seen: dict[str, Touched] = {}
    with_words = select(InboundMessage.resident_id).where(
        InboundMessage.text != "", InboundMessage.received_at <= until
    )
    for resident in session.scalars(select(Resident).where(Resident.id.in_(with_words))):
        seen[resident.alias] = Touched(resident, kinds={WORDS, PICTURES})
    rows = session.execute(
        select(Ticket, Resident)
        .join(Resident, Resident.id == Ticket.resident_id)
        .where(Ticket.summary != "", Ticket.opened_at <= until)
    )
    for ticket, resident in rows:
        one = seen.setdefault(resident.alias, Touched(resident, kinds={WORDS, PICTURES}))
        one.numbers.add(ticket.number)
        one.kinds |= {PAPERS, PEOPLE}
        one.sealed |= bool(ticket.lane)
        one.child |= wants_guardian(ticket)
    yield from sorted(seen.values(), key=lambda it: (not it.sealed, not it.child, it.resident.id))
