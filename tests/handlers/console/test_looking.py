"""Who looked at what is on record, once a while, and without what was said."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import Engine, select

from bot.audit import AuditEvent, chain
from bot.cli_audit import audit_group
from bot.db.engine import make_engine, reading, transaction
from bot.people.tables import Role, Staff
from bot.settings import Settings
from bot.tickets.tables import Ticket
from handlers.console.access import TABLE
from handlers.console.looking import SELF_NOTED
from tests.handlers.console.conftest import Browser, Time

Enter = Callable[[Role], Browser]


def looks(engine: Engine, deed: str = "ticket.read") -> list[tuple[str, str]]:
    with reading(engine) as session:
        rows = session.scalars(
            select(AuditEvent).where(AuditEvent.deed == deed).order_by(AuditEvent.id)
        )
        return [(it.subject, str(it.data.get("page", ""))) for it in rows]


def test_opening_a_ticket_is_on_record_once_a_while(
    desk: Browser, ticket: Ticket, engine: Engine, time: Time
) -> None:
    once = [(f"ticket:{ticket.number}", "tickets.show")]
    desk.open(f"/tickets/{ticket.number}")
    for _ in range(3):
        desk.open(f"/tickets/live?open={ticket.number}")
    assert looks(engine) == once

    time.at += timedelta(minutes=16)
    desk.open(f"/tickets/live?open={ticket.number}")

    assert looks(engine) == once * 2


def test_every_page_of_a_ticket_is_on_record(
    app: Flask, desk: Browser, ticket: Ticket, engine: Engine
) -> None:
    pages = {
        rule.endpoint: rule.rule.replace("<number>", ticket.number)
        for rule in app.url_map.iter_rules()
        if TABLE[rule.endpoint].reads and rule.arguments == {"number"} and "GET" in rule.methods  # type: ignore[operator]
    }
    assert len(pages) >= 4

    for path in pages.values():
        assert desk.open(path).status_code == 200, path

    shown = set(pages) - SELF_NOTED | {"tickets.show"}
    assert {page for _, page in looks(engine)} == shown


def test_what_is_refused_or_not_there_leaves_no_look(
    as_role: Enter, ticket: Ticket, engine: Engine
) -> None:
    other = as_role(Role.CASEWORKER)

    assert other.open(f"/tickets/{ticket.number}").status_code == 404
    assert other.open("/tickets/2603-9999").status_code == 404

    assert looks(engine) == []


def test_a_search_is_on_record_without_its_words(desk: Browser, engine: Engine) -> None:
    desk.open("/tickets?q=李秀兰")
    desk.open("/tickets?q=李秀兰")
    desk.open("/tickets?q=张三")

    with reading(engine) as session:
        found = select(AuditEvent.data).where(AuditEvent.deed == "tickets.search")
        marks = [data["query"] for data in session.scalars(found)]
    assert len(marks) == len(set(marks)) == 2
    assert "李秀兰" not in "".join(marks)


def test_a_look_that_cannot_be_put_on_record_is_not_shown(
    desk: Browser, ticket: Ticket, engine: Engine
) -> None:
    with transaction(engine) as session:
        full = "CREATE TRIGGER full BEFORE INSERT ON audit_event"
        session.connection().exec_driver_sql(f"{full} BEGIN SELECT RAISE(ABORT, 'full'); END")

    page = desk.open(f"/tickets/{ticket.number}")

    assert page.status_code == 500
    assert ticket.summary not in page.text


def test_whoever_supervises_reads_who_looked_and_did_what(
    desk: Browser, as_role: Enter, ticket: Ticket
) -> None:
    desk.open(f"/tickets/{ticket.number}")
    desk.send(f"/tickets/{ticket.number}/note", {"note": "打过电话了", "once": "o" * 12})
    supervisor = as_role(Role.SUPERVISOR)
    path = f"/audit/tickets/{ticket.number}"
    assert path in supervisor.open(f"/tickets/{ticket.number}").text

    page = supervisor.open(path).text

    assert "看工单" in page
    assert "对话和详情" in page
    assert "写了备注" in page
    assert "打过电话了" not in page
    assert desk.open(path).status_code == 403


def test_admins_find_a_ticket_in_the_record(desk: Browser, as_role: Enter, ticket: Ticket) -> None:
    desk.open(f"/tickets/{ticket.number}")
    admin = as_role(Role.ADMIN)

    found = admin.open(f"/audit/?ticket={ticket.number}").text
    other = admin.open("/audit/?ticket=2603-9999").text

    assert "对话和详情" in found
    assert "没有这样的记录" in other


def test_the_commands_print_the_head_and_name_what_broke(
    desk: Browser, ticket: Ticket, engine: Engine, settings: Settings
) -> None:
    desk.open(f"/tickets/{ticket.number}")
    url = str(engine.url)
    own = settings.model_copy(
        update={"database": settings.database.model_copy(update={"url": url})}
    )
    run = CliRunner().invoke

    head = run(audit_group, ["head"], obj=own).output.strip()
    good = run(audit_group, ["verify", "--head", head], obj=own)
    assert (good.exit_code, head in good.output) == (0, True)

    with make_engine(url).begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_event_unchanged")
        connection.exec_driver_sql("UPDATE audit_event SET staff_id = NULL WHERE place = 2")
    bad = run(audit_group, ["verify"], obj=own)
    assert bad.exit_code == 1
    assert "BROKEN at place 2" in bad.output


@pytest.mark.usefixtures("worker")
def test_the_head_is_only_what_is_stored(engine: Engine) -> None:
    with reading(engine) as session:
        assert str(chain.head(session)) == f"0:{'0' * 64}"
        assert session.scalar(select(Staff.id)) is not None
