"""The whole case file on both databases; two people at the same moment lose nothing."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.casefile import (
    agenda,
    checklists,
    households,
    notes,
    persons,
    related,
    similar,
    tasks,
    visits,
)
from bot.casefile.due import miss_tasks, remind_of_tasks
from bot.casefile.persons import Told
from bot.casefile.tables import CaseTask, TaskKind, TicketPerson
from bot.casefile.tasks import Touch
from bot.casefile.visits import Hand, Written
from bot.db.engine import transaction
from bot.errors import ConflictError
from bot.people.tables import Role, Staff
from bot.settings import Settings
from bot.tickets.tables import Ticket
from tests.bot.tickets.deeds import by
from tests.builders import a_caseworker, a_ticket
from tests.conftest import NOW

SOON = NOW + timedelta(hours=1)


@pytest.fixture
def visit(any_engine: Engine) -> int:
    with transaction(any_engine) as session:
        ticket = a_ticket(session, topic="wages")
        a_caseworker(session, name="赵敏", role=Role.SUPERVISOR)
        return tasks.plan(
            session, ticket=ticket, kind=TaskKind.VISIT, staff_id=None, text="看看",
            due_at=SOON, by=None, now=NOW,
        ).id  # fmt: skip


def one(session: Session, *, boss: bool) -> Staff:
    return everybody(session)[2] if boss else everybody(session)[1]


def everybody(session: Session) -> tuple[Ticket, Staff, Staff]:
    ticket = session.scalars(select(Ticket).order_by(Ticket.id)).first()
    assert ticket is not None
    boss = session.scalars(select(Staff).where(Staff.role == Role.SUPERVISOR)).one()
    return ticket, session.get_one(Staff, ticket.assignee_id or 0), boss


def test_a_case_file_is_kept_and_read(any_engine: Engine, visit: int, settings: Settings) -> None:
    with transaction(any_engine) as session:
        ticket, own, boss = everybody(session)
        remind_of_tasks(session, now=SOON, settings=settings)
        miss_tasks(session, now=SOON + timedelta(days=1), settings=settings)
        notes.write(session, ticket.number, by=by(session, own), text="@赵敏 请看", once="a")
        notes.hand_over(session, ticket, by=own, text="周五打电话", now=NOW)
        checklists.tick(session, ticket, "site", done=True, by=own, now=NOW)
        both = (Told("本人"), Told("母亲"))
        pair = [persons.record(session, ticket, it, by=own, now=NOW) for it in both]
        home = households.live_together(session, *pair, by=own, now=NOW)
        other = a_ticket(session, assignee=own)
        session.add(
            TicketPerson(ticket_id=other.id, person_id=pair[1].id, staff_id=own.id, at=NOW)
        )

    with transaction(any_engine) as session:
        ticket, own, boss = everybody(session)
        found = agenda.agenda(session, own, now=SOON + timedelta(days=1), zone=settings.zone)
        assert [due.task.state for due in found.overdue] == ["missed"]
        assert notes.unseen(session, boss) == 1
        assert [it.number for it, _, _ in notes.to_hand_over(session, own)] != []
        assert checklists.of_ticket(session, ticket).done == 1
        assert len(households.home(session, home.id, own).members) == 2
        assert [it.ticket.number for it in related.of_ticket(session, ticket, own)] == [
            other.number
        ]
        assert similar.of_ticket(session, ticket, own) == []


def at_once(any_engine: Engine, deeds: dict[str, object]) -> list[Exception]:
    """Do all of it at the same moment, each in a transaction of its own."""
    gate, failed = threading.Barrier(len(deeds)), list[Exception]()

    def run(deed: object) -> None:
        gate.wait()
        try:
            with transaction(any_engine) as session:
                deed(session)  # type: ignore[operator]
        except ConflictError as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds.values()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


def test_two_who_save_one_field_at_the_same_moment_both_stay(
    any_engine: Engine, visit: int
) -> None:
    def writes(text: str, *, boss: bool) -> object:
        def deed(session: Session) -> None:
            staff = one(session, boss=boss)
            visits.save(session, visit, {"met": Written(text)}, by=Hand(staff, text, NOW))

        return deed

    at_once(any_engine, {"one": writes("奶奶", boss=False), "two": writes("爷爷", boss=True)})

    with transaction(any_engine) as session:
        met = visits.report(session, session.get_one(CaseTask, visit))[0]
        assert {value.text for value in met.values} == {"奶奶", "爷爷"}


def test_two_who_finish_one_task_at_the_same_moment_leave_one_outcome(
    any_engine: Engine, visit: int
) -> None:
    def finishes(text: str, *, boss: bool) -> object:
        def deed(session: Session) -> None:
            staff = one(session, boss=boss)
            tasks.finish(session, visit, by=Touch(staff, 1, NOW), outcome=text)

        return deed

    failed = at_once(
        any_engine, {"one": finishes("见到了", boss=False), "two": finishes("没见到", boss=True)}
    )

    assert len(failed) == 1
    with transaction(any_engine) as session:
        assert session.get_one(CaseTask, visit).outcome in {"见到了", "没见到"}
