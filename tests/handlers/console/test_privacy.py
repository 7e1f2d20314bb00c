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
from tests.conftest import BOTH, NOW
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


@BOTH
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


@BOTH
def test_a_deletion_deletes_and_cannot_be_done_twice(
    as_role: Enter, engine: Engine, wish: Callable[..., int]
) -> None:
    asked = wish(RequestKind.ERASE)
    boss, second = as_role(Role.SUPERVISOR), as_role(Role.SUPERVISOR)

    boss.send(f"/privacy/requests/{asked}", {"granted": "yes"})
    assert "您已经同意" in boss.open("/privacy/").text
    assert "要另一位来确认" in boss.send(f"/privacy/requests/{asked}", {"granted": "yes"}).text
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


@BOTH
def test_where_there_is_one_supervisor_an_admin_is_the_second(
    as_role: Enter, engine: Engine, wish: Callable[..., int]
) -> None:
    asked, other = wish(RequestKind.ERASE), wish(RequestKind.CORRECT)
    boss, admin = as_role(Role.SUPERVISOR), as_role(Role.ADMIN)
    path = f"/privacy/books/deletions/{asked}"

    assert "要您确认" not in admin.open("/privacy/books/").text
    for number in (asked, other):  # nobody agreed yet; nothing is to be deleted
        answer = admin.send(f"/privacy/books/deletions/{number}", {"granted": "yes"})
        assert answer.status_code == 404
    boss.send(f"/privacy/requests/{asked}", {"granted": "yes"})

    assert boss.send(path, {"granted": "yes"}).status_code == 403
    page = admin.open("/privacy/books/").text
    assert "要您确认" in page
    with transaction(engine) as session:
        summaries = session.scalars(select(Ticket.summary)).all()
        told = session.scalars(
            select(StaffNotice.staff_id).where(StaffNotice.once.like("%:second"))
        )
        assert [session.get_one(Staff, it).role for it in told] == [Role.ADMIN]
    assert not any(summary in page for summary in summaries)
    assert admin.send(path, {"granted": "yes"}).status_code == 303
    with transaction(engine) as session:
        assert "" in session.scalars(select(Ticket.summary)).all()
    assert admin.send(path, {"granted": "yes"}).status_code == 409


@pytest.fixture
def unled(engine: Engine) -> Callable[[], None]:
    """Put every resident into an organisation that has no supervisor."""

    def put() -> None:
        with transaction(engine) as session:
            house = Organisation(name="无督导社", created_at=NOW)
            session.add(house)
            session.flush()
            for resident in session.scalars(select(Resident)):
                resident.organisation_id = house.id

    return put


@BOTH
def test_where_there_is_no_supervisor_two_admins_delete(
    as_role: Enter, engine: Engine, wish: Callable[..., int], unled: Callable[[], None]
) -> None:
    asked = wish(RequestKind.ERASE)
    unled()
    first, second = as_role(Role.ADMIN), as_role(Role.ADMIN)
    path = f"/privacy/books/deletions/{asked}"

    assert "您是第一位" in first.open("/privacy/books/").text
    assert "还要另一位确认" in first.send(path, {"granted": "yes"}, follow_redirects=True).text
    assert first.send(path, {"granted": "yes"}).status_code == 404
    with transaction(engine) as session:
        assert session.scalars(select(Ticket.summary)).one() != ""
    second.open("/privacy/books/")
    assert second.send(path, {"granted": "yes"}).status_code == 303

    with transaction(engine) as session:
        assert session.scalars(select(Ticket.summary)).one() == ""


def test_admins_learn_of_a_correction_that_no_supervisor_sees_and_not_what_it_says(
    as_role: Enter, wish: Callable[..., int], unled: Callable[[], None]
) -> None:
    asked = wish(RequestKind.CORRECT)
    unled()
    admin = as_role(Role.ADMIN)

    page = admin.open("/privacy/books/").text

    assert "无督导社没有督导" in page
    assert "我搬到呈贡了" not in page
    answer = admin.send(f"/privacy/books/deletions/{asked}", {"granted": "yes", "answer": "好"})
    assert answer.status_code == 404


def test_an_admin_is_no_second_where_another_supervisor_is(
    as_role: Enter, wish: Callable[..., int]
) -> None:
    asked = wish(RequestKind.ERASE)
    boss, admin, _ = as_role(Role.SUPERVISOR), as_role(Role.ADMIN), as_role(Role.SUPERVISOR)
    boss.send(f"/privacy/requests/{asked}", {"granted": "yes"})

    assert "要您确认" not in admin.open("/privacy/books/").text
    answer = admin.send(f"/privacy/books/deletions/{asked}", {"granted": "yes"})
    assert answer.status_code == 404


def test_whoever_agreed_first_is_no_second_as_an_admin_either(
    as_role: Enter, engine: Engine, wish: Callable[..., int]
) -> None:
    asked = wish(RequestKind.ERASE)
    boss = as_role(Role.SUPERVISOR)
    boss.send(f"/privacy/requests/{asked}", {"granted": "yes"})
    with transaction(engine) as session:
        session.scalars(select(Staff).where(Staff.role == Role.SUPERVISOR)).one().role = Role.ADMIN

    answer = boss.send(f"/privacy/books/deletions/{asked}", {"granted": "yes"})

    assert answer.status_code == 404


def test_an_admin_who_refuses_says_why(
    as_role: Enter, engine: Engine, wish: Callable[..., int]
) -> None:
    asked = wish(RequestKind.ERASE)
    boss, admin = as_role(Role.SUPERVISOR), as_role(Role.ADMIN)
    boss.send(f"/privacy/requests/{asked}", {"granted": "yes"})
    path = f"/privacy/books/deletions/{asked}"

    assert "请写一句话" in admin.send(path, {"granted": "no"}).text
    admin.send(path, {"granted": "no", "answer": "还有案子在办"})

    with transaction(engine) as session:
        assert "还有案子在办" in session.scalars(select(OutboundMessage.text)).one()
        assert "" not in session.scalars(select(Ticket.summary)).all()
