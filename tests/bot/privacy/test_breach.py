"""Whom a breach touched follows from the record; two drafts say so, and nothing is sent."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot import audit
from bot.cli_privacy import privacy_group
from bot.inbox import InboundMessage
from bot.outbox import OutboundMessage
from bot.people.signin.tables import Login
from bot.people.tables import Staff
from bot.privacy import breach
from bot.privacy.breach import PICTURES, WORDS, Cause, Span
from bot.reports.tables import Export
from bot.settings import Settings
from bot.tickets.tables import Ticket
from tests.builders import a_caseworker, a_ticket
from tests.conftest import BOTH, NOW

HOUR = timedelta(hours=1)
SPAN = Span(NOW, NOW + HOUR, Cause.ACCOUNT)


def looks(
    session: Session, staff: Staff, ticket: Ticket, page: str, *, after: timedelta = HOUR / 2
) -> None:
    audit.record(
        session, deed="ticket.read", now=NOW + after, staff_id=staff.id,
        subject=audit.of_ticket(ticket.number), page=page,
    )  # fmt: skip


@pytest.fixture
def thief(session: Session) -> Staff:
    return a_caseworker(session, name="小偷")


@pytest.fixture
def tickets(session: Session, thief: Staff) -> list[Ticket]:
    """Two that were looked at in time, one too late, one by somebody else."""
    made = [a_ticket(session) for _ in range(4)]
    made[1].lane, made[1].facts = "minor", {"age": 9}
    looks(session, thief, made[0], "tickets.show")
    looks(session, thief, made[0], "tickets.media")
    looks(session, thief, made[1], "tickets.show")
    looks(session, thief, made[2], "tickets.show", after=2 * HOUR)
    looks(session, a_caseworker(session), made[3], "tickets.show")
    session.flush()
    return made


@BOTH
def test_an_account_touches_what_it_looked_at(
    session: Session, thief: Staff, tickets: list[Ticket]
) -> None:
    found = breach.find(session, Span(NOW, NOW + HOUR, Cause.ACCOUNT, thief.login))

    assert [it.numbers for it in found.residents] == [{tickets[1].number}, {tickets[0].number}]
    sealed, other = found.residents
    assert (sealed.sealed, sealed.child, sealed.by) == (True, True, {"小偷"})
    assert other.kinds == {WORDS, PICTURES}
    every = breach.find(session, SPAN)
    assert len(every.residents) == 3


@BOTH
def test_an_address_touches_what_its_logins_looked_at(
    session: Session, thief: Staff, tickets: list[Ticket]
) -> None:
    session.add(
        Login(
            key="k", staff_id=thief.id, epoch=0, device="", address="10.9.9.9", started_at=NOW,
            seen_at=NOW + HOUR, until=NOW + 9 * HOUR,
        )
    )  # fmt: skip
    session.flush()

    here = Span(NOW, NOW + HOUR, Cause.ADDRESS, address="10.9.9.9")
    assert len(breach.find(session, here).residents) == 2
    there = Span(NOW, NOW + HOUR, Cause.ADDRESS, address="10.0.0.1")
    assert breach.find(session, there).residents == []
    assert tickets


@BOTH
def test_files_and_lists_are_named(session: Session, thief: Staff) -> None:
    export = Export(staff_id=thief.id, asked_at=NOW, lease_until=NOW, rows=7)
    session.add(export)
    session.flush()
    for deed, subject in (("export.fetch", f"export:{export.id}"), ("tickets.list", "")):
        audit.record(session, deed=deed, now=NOW, staff_id=thief.id, subject=subject)
    session.flush()

    found = breach.find(session, SPAN)

    assert found.exports == [("小偷", 7, "全部工单")]
    assert len(found.loose) == 1
    assert "导出的工单表" in found.kinds


@BOTH
def test_a_stolen_database_touches_all_whose_words_it_holds(session: Session) -> None:
    ticket, empty = a_ticket(session), a_ticket(session, summary="")
    session.add(
        InboundMessage(
            key="k", resident_id=ticket.resident_id, kind="text", text="话", sent_at=NOW,
            received_at=NOW, lease_until=NOW,
        )
    )  # fmt: skip
    session.flush()

    found = breach.find(session, Span(NOW, NOW, Cause.DATABASE))

    assert [it.numbers for it in found.residents] == [{ticket.number}]
    assert empty.number not in str(found.residents)


@BOTH
def test_the_drafts_say_what_kinds_and_how_many(
    session: Session, thief: Staff, tickets: list[Ticket]
) -> None:
    found = breach.find(session, Span(NOW, NOW + HOUR, Cause.ACCOUNT, thief.login))

    authority, resident = breach.drafts(found, service="云桥", zone=ZoneInfo("Asia/Shanghai"))

    assert "2026-03-02 10:00 至 2026-03-02 11:00" in authority
    assert "涉及人数：2 人，其中保密通道 1 人" in authority
    assert WORDS in resident
    assert all(ticket.number not in authority + resident for ticket in tickets)
    assert session.scalars(select(OutboundMessage)).all() == []


@BOTH
def test_the_command_prints_it(
    engine: Engine, session: Session, settings: Settings, thief: Staff, tickets: list[Ticket]
) -> None:
    session.commit()
    own = settings.database.model_copy(update={"url": str(engine.url)})
    conf = settings.model_copy(update={"database": own})

    said = CliRunner().invoke(
        privacy_group,
        ["breach", "--from", "2026-03-02T10:00", "--to", "2026-03-02T11:00", "--kind", "account",
         "--login", thief.login],
        obj=conf,
    )  # fmt: skip

    assert said.exit_code == 0, said.output
    assert tickets[0].number in said.output
    assert tickets[2].number not in said.output
    assert "个人信息安全事件报告（草稿）" in said.output
