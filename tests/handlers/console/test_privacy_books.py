"""Admins see what is done with personal data, and whom a breach touched; never content."""

import io
from collections.abc import Callable

from python_calamine import CalamineWorkbook
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot import audit
from bot.audit import AuditEvent
from bot.db.engine import transaction
from bot.people.tables import Role
from bot.privacy.processing import load_book
from tests.builders import a_ticket
from tests.conftest import NOW
from tests.handlers.console.conftest import Browser

Enter = Callable[[Role], Browser]


def test_the_record_and_the_assessment_are_made_of_what_is_there(as_role: Enter) -> None:
    admin = as_role(Role.ADMIN)

    record = admin.open("/privacy/books/record").text
    for kind in load_book().kinds:
        assert kind.name in record
    assert "办结以后 1095 天" in record
    assert "一件工单：对话、图片语音、详情" in record  # who reads it, from the table of access

    assessment = admin.open("/privacy/books/assessment").text
    assert "不满14岁的孩子" in assessment
    assert "没有开" in assessment  # backups without a key

    file = admin.client.get("/privacy/books/record.xlsx")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(file.data)).get_sheet_by_index(0)
    assert len(sheet.to_python()) == len(load_book().kinds) + 1


def test_a_breach_is_computed_and_put_on_record(as_role: Enter, engine: Engine) -> None:
    with transaction(engine) as session:
        ticket = a_ticket(session)
        subject = audit.of_ticket(ticket.number)
        audit.record(
            session, deed="ticket.read", now=NOW, staff_id=ticket.assignee_id, subject=subject
        )
        number, summary = ticket.number, ticket.summary
    admin = as_role(Role.ADMIN)
    asked = "/privacy/books/breach?from=2026-03-02T09:00&to=2026-03-02T11:00&kind="

    page = admin.open(f"{asked}account").text

    assert number in page
    assert summary not in page
    assert "个人信息安全事件报告（草稿）" in page
    assert "请写是哪个网络地址" in admin.open(f"{asked}address").text
    assert "请选从什么时候" in admin.open(f"{asked}nonsense").text
    with Session(engine) as session:
        assert "privacy.breach" in session.scalars(select(AuditEvent.deed)).all()


def test_it_is_for_admins(as_role: Enter) -> None:
    assert as_role(Role.SUPERVISOR).open("/privacy/books/").status_code == 403
