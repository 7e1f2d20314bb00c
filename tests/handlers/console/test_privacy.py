"""Supervisors do what residents ask about their data, and hold what the law wants kept."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select

from bot.db.engine import transaction
from bot.notices.tables import StaffNotice
from bot.outbox import OutboundMessage
from bot.people.tables import Organisation, Resident, Role, Staff
from bot.privacy import requests
from bot.privacy.tables import LegalHold, RequestKind
from bot.tickets.tables import Ticket
from tests.builders import a_resident, a_ticket
from tests.conftest import NOW
from tests.handlers.console.conftest import Browser

Enter = Callable[[Role], Browser]


@pytest.fixture
def wish(engine: Engine) -> Callable[[RequestKind], int]:
    def make(kind: RequestKind) -> int:
        with transaction(engine) as session:
            resident = a_resident(session)
            a_ticket(session, resident=resident, state="closed", closed_at=NOW)
            text = "我搬到呈贡了" if kind == RequestKind.CORRECT else ""
            return requests.ask(session, resident, kind, now=NOW, text=text).id

    return make


def test_what_was_mended_is_told(as_role: Enter, engine: Engine, wish: Callable[..., int]) -> None:
    asked = wish(RequestKind.CORRECT)
    boss = as_role(Role.SUPERVISOR)
    assert "我搬到呈贡了" in boss.open("/privacy/").text

    assert "请写一句话" in boss.send(f"/privacy/requests/{asked}", {"granted": "yes"}).text
    boss.send(f"/privacy/requests/{asked}", {"granted": "yes", "answer": "住处改成呈贡"})

    assert "我搬到呈贡了" not in boss.open("/privacy/").text
    with transaction(engine) as session:
        [told] = session.scalars(select(OutboundMessage)).all()
        assert told.text == "您说要改的信息，改好了：住处改成呈贡"


def test_a_deletion_deletes_and_cannot_be_done_twice(
    as_role: Enter, engine: Engine, wish: Callable[..., int]
) -> None:
    asked = wish(RequestKind.ERASE)
    boss, second = as_role(Role.SUPERVISOR), as_role(Role.SUPERVISOR)

    boss.send(f"/privacy/requests/{asked}", {"granted": "yes"})
    assert "您已经同意" in boss.open("/privacy/").text
    assert "要另一位督导来确认" in boss.send(f"/privacy/requests/{asked}", {"granted": "yes"}).text
    with transaction(engine) as session:
        assert session.scalars(select(Ticket.summary)).one() != ""
        told = session.scalars(select(StaffNotice).where(StaffNotice.once.like("%:second"))).one()
    assert "一位督导已经同意" in second.open("/privacy/").text
    assert told.kind == "data_request"
    second.send(f"/privacy/requests/{asked}", {"granted": "yes"})

    with transaction(engine) as session:
        ticket = session.scalars(select(Ticket)).one()
        assert ticket.summary == ""
        number = ticket.number
    assert "最后一份备份 4月1日" in boss.open("/privacy/").text
    assert "内容已删除" in boss.open(f"/tickets/{number}").text
    assert boss.send(f"/privacy/requests/{asked}", {"granted": "yes"}).status_code == 409


def test_others_residents_are_not_there(
    as_role: Enter, engine: Engine, wish: Callable[..., int]
) -> None:
    asked = wish(RequestKind.ERASE)
    with transaction(engine) as session:
        own, other = (
            Organisation(name="甲", created_at=NOW),
            Organisation(name="乙", created_at=NOW),
        )
        session.add_all([own, other])
        session.flush()
        session.scalars(select(Resident)).one().organisation_id = other.id
        own_id = own.id
    boss = as_role(Role.SUPERVISOR)
    with transaction(engine) as session:
        for staff in session.scalars(select(Staff).where(Staff.role == Role.SUPERVISOR)):
            staff.organisation_id = own_id

    assert "删除自己的全部信息" not in boss.open("/privacy/").text
    assert boss.send(f"/privacy/requests/{asked}", {"granted": "yes"}).status_code == 404


def test_a_hold_needs_a_reason_and_is_lifted(as_role: Enter, engine: Engine) -> None:
    with transaction(engine) as session:
        number = a_ticket(session, state="closed", closed_at=NOW).number
    boss = as_role(Role.SUPERVISOR)

    assert "请写是哪个单位" in boss.send("/privacy/holds", {"number": number, "reason": " "}).text
    boss.send("/privacy/holds", {"number": number, "reason": "盘龙法院调取"})

    assert "盘龙法院调取" in boss.open("/privacy/").text
    with transaction(engine) as session:
        held = session.scalars(select(LegalHold)).one()
    boss.send(f"/privacy/holds/{held.id}/lift")
    assert "盘龙法院调取" not in boss.open("/privacy/").text
    assert boss.send(f"/privacy/holds/{held.id}/lift").status_code == 404


def test_it_is_for_supervisors(as_role: Enter) -> None:
    assert as_role(Role.CASEWORKER).open("/privacy/").status_code in {403, 404}
