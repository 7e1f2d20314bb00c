"""Complaint 15: exports are no real Excel, not one row a ticket, and garble Chinese."""

import hashlib
import io
from datetime import UTC, datetime

from python_calamine import CalamineWorkbook
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot import kept_files
from bot.audit import AuditEvent
from bot.db.engine import transaction
from bot.inbox import InboundMessage
from bot.people.tables import Role, Staff
from bot.reports import exporting, exports
from bot.reports.exports import Asking
from bot.reports.tables import Export
from bot.settings import Settings
from bot.tickets.narrow import read
from bot.tickets.tables import CloseCode, Ticket
from tests.builders import a_caseworker, a_ticket
from tests.conftest import NOW

SAID = ("=cmd|'/C calc'!A1", "老板跑了，\n工钱没给😢𠮷", "\x00\ud83d坏字符")


def written(
    engine: Engine, settings: Settings, asking: Asking, staff: Staff
) -> list[list[object]]:
    """The rows a second library finds in the file."""
    with transaction(engine) as session:
        export_id = exports.ask(session, session.get_one(Staff, staff.id), asking, now=NOW).id
    with Session(engine) as session:
        done = exports.write(session, export_id, now=NOW, settings=settings)
    with transaction(engine) as session:
        exports.finish(session, export_id, done, now=NOW)
        path = exports.path_of(session.get_one(Export, export_id), settings)
    book = CalamineWorkbook.from_filelike(io.BytesIO(kept_files.read(path)))
    assert book.sheet_names == ["工单", "说明"]
    return [list(row) for row in book.get_sheet_by_name("工单").to_python()]


def some(engine: Engine) -> tuple[Staff, list[Ticket]]:
    """Three tickets of wages with evil words, one of another topic, one that is confidential."""
    with transaction(engine) as session:
        boss = a_caseworker(session, name="和桂花", role=Role.SUPERVISOR)
        worker = a_caseworker(session, name="=王芳")
        tickets = [
            a_ticket(
                session, assignee=worker, area_code="530111", opened_at=NOW,
                state="closed", close_code=CloseCode.SOLVED, closed_at=NOW, outcome="+1付清",
            )
            for _ in SAID
        ]  # fmt: skip
        for ticket, text in zip(tickets, SAID, strict=True):
            for part in (1, 2):
                session.add(InboundMessage(
                    key=f"{ticket.id}.{part}", resident_id=ticket.resident_id, kind="text",
                    text=text.replace("\ud83d", ""), sent_at=NOW, received_at=NOW,
                    lease_until=NOW, ticket_id=ticket.id,
                ))  # fmt: skip
        a_ticket(session, topic="health")
        a_ticket(session, lane="sealed")
    return boss, tickets


def asking(settings: Settings, **options: object) -> Asking:
    values: dict[str, object] = {
        "narrow": read({"topic": "wages"}, zone=settings.zone), "narrowed": "欠薪",
        "columns": list(exporting.CHOICES), "with_words": False, "reason": "给民政局报数",
    }  # fmt: skip
    return Asking(**(values | options))  # type: ignore[arg-type]


def test_one_row_a_ticket_typed_and_in_chinese(engine: Engine, settings: Settings) -> None:
    boss, tickets = some(engine)

    header, *rows = written(engine, settings, asking(settings), boss)

    assert [row[0] for row in rows] == [ticket.number for ticket in tickets]
    line = dict(zip(header, rows[0], strict=True))
    assert line["登记时间"] == datetime(2026, 3, 2, 10, 0, tzinfo=UTC).replace(tzinfo=None)
    assert line["县区"] == "昆明市官渡区"
    assert line["办结方式"] == "居民说解决了"
    assert line["重开次数"] == 0
    assert line["负责人"] == "'=王芳"  # text, and nothing that runs


def test_words_come_only_when_asked_for(engine: Engine, settings: Settings) -> None:
    boss, _ = some(engine)

    plain, *_ = written(engine, settings, asking(settings), boss)
    header, *rows = written(engine, settings, asking(settings, with_words=True), boss)

    assert not {"居民原话", "办理结果"} & set(plain)
    said = [str(row[header.index("居民原话")]) for row in rows]
    assert said[0].startswith("'=cmd|")
    assert said[1] == f"{SAID[1]}\n{SAID[1]}"
    assert "坏字符" in said[2]
    assert {row[header.index("办理结果")] for row in rows} == {"'+1付清"}


def test_the_record_says_what_was_taken(engine: Engine, settings: Settings) -> None:
    boss, _ = some(engine)
    written(engine, settings, asking(settings), boss)

    with Session(engine) as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.deed == "export.ready")).one()
        export = session.scalars(select(Export)).one()
        content = kept_files.read(exports.path_of(export, settings))

    assert event.data["rows"] == 3
    assert event.data["narrow"] == {"topic": "wages"}
    assert event.data["sha256"] == export.digest
    assert hashlib.sha256(content).hexdigest() == export.digest
