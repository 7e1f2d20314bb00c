"""The keys of an address, and the tickets they mean."""

from collections.abc import Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.contracts import Urgency
from bot.tickets.narrow import conditions, read
from bot.tickets.tables import CloseCode, Ticket, TicketEvent
from tests.builders import a_caseworker, a_resident, a_ticket
from tests.conftest import NOW

HERE = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)


def found(session: Session, args: Mapping[str, str]) -> set[str]:
    narrow = read(args, zone=HERE)
    wanted = select(Ticket.number).where(*conditions(narrow, now=NOW))
    return set(session.scalars(wanted))


@pytest.mark.parametrize("late", [timedelta(), timedelta(hours=13, minutes=59)])
def test_a_day_is_the_day_of_the_place(session: Session, late: timedelta) -> None:
    inside = a_ticket(session, opened_at=NOW + late)
    a_ticket(session, opened_at=NOW - timedelta(hours=10, minutes=1))
    a_ticket(session, opened_at=NOW + timedelta(hours=14))

    assert found(session, {"from": "2026-03-02", "to": "2026-03-02"}) == {inside.number}


def test_what_cannot_be_meant_is_left_out() -> None:
    args = {"from": "gestern", "state": "lost", "area": "x", "person": "y", "code": "?", "z": "1"}

    assert not read(args, zone=HERE)


def test_a_prefecture_holds_its_counties_and_no_others(session: Session) -> None:
    inside = a_ticket(session, area_code="530111")
    a_ticket(session, area_code="530302")
    nowhere = a_ticket(session)

    assert found(session, {"area": "530100"}) == {inside.number}
    assert found(session, {"area": "530111"}) == {inside.number}
    assert found(session, {"area": "none"}) == {nowhere.number}


def test_language_is_what_the_script_shows_else_chinese(session: Session) -> None:
    yi = a_ticket(session, facts={"script": "彝文", "languages": ["彝语"]})
    none = a_ticket(session, facts={})

    assert found(session, {"language": "彝语"}) == {yi.number}
    assert found(session, {"language": "汉语"}) == {none.number}


def test_people_scenes_and_crises_narrow(session: Session) -> None:
    worker = a_caseworker(session)
    own = a_ticket(session, assignee=worker, urgency=Urgency.CRISIS)
    waiting = a_ticket(session, state="triage", urgency=Urgency.CRISIS)
    guest = a_resident(session)
    guest.scene = "gd-01"
    scanned = a_ticket(session, resident=guest)

    assert found(session, {"person": str(worker.id)}) == {own.number}
    assert found(session, {"person": "none"}) == {waiting.number}
    assert found(session, {"crisis": "open"}) == {waiting.number}
    assert found(session, {"crisis": "taken"}) == {own.number}
    assert found(session, {"scene": "gd-01"}) == {scanned.number}


def test_answers_of_residents_are_kept_apart(session: Session) -> None:
    def closed(code: CloseCode, *, said_no: bool = False) -> str:
        ticket = a_ticket(session, state="closed", close_code=code)
        if said_no:
            session.add(
                TicketEvent(ticket_id=ticket.id, kind="rated", data={"solved": False}, at=NOW)
            )
        return ticket.number

    yes = closed(CloseCode.SOLVED, said_no=True)  # their last word counts
    no = closed(CloseCode.NOT_SOLVED, said_no=True)
    never_asked = closed(CloseCode.REFERRED_OUT)
    silent = closed(CloseCode.ANSWERED_UNCONFIRMED)
    away = closed(CloseCode.UNREACHABLE)

    assert found(session, {"answer": "yes"}) == {yes}
    assert found(session, {"answer": "no"}) == {no}
    assert found(session, {"answer": "silent"}) == {silent}
    assert found(session, {"answer": "unreachable"}) == {away}
    assert never_asked not in found(session, {"answer": "asked"})


def test_late_replies_and_overdue_ones(session: Session) -> None:
    late = a_ticket(session, reply_due_at=NOW - DAY, first_reply_at=NOW, last_reply_at=NOW)
    owed = a_ticket(session, reply_due_at=NOW - DAY)

    assert found(session, {"reply": "late"}) == {late.number}
    assert found(session, {"reply": "missed"}) == {owed.number}
    assert found(session, {"overdue": "reply"}) == {owed.number}


def test_every_key_works_on_postgresql(postgres_engine: Engine) -> None:
    with Session(postgres_engine) as session:
        ticket = a_ticket(session, facts={"languages": ["彝语"]}, area_code="530111")
        args = {
            "from": "2026-03-02", "to": "2026-03-02", "language": "彝语", "area": "530100",
            "state": "live", "reply": "open", "person": str(ticket.assignee_id), "scene": "none",
        }  # fmt: skip

        assert found(session, args) == {ticket.number}
        for answer in ("yes", "no", "silent", "unreachable", "asked"):
            assert found(session, {"answer": answer}) == set()
