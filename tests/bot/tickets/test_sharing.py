"""A matter goes to nobody else without a yes, but in a crisis or where the law demands it."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.casefile import persons, similar
from bot.casefile.persons import Told
from bot.errors import InvalidInputError
from bot.outbox import OutboundMessage
from bot.people import consent
from bot.people.consent import Object, Said
from bot.people.tables import Organisation, Role, Staff
from bot.privacy import retention
from bot.privacy.tables import Consent, ConsentKind, Ground, How
from bot.privacy.times import load_times
from bot.reports import exporting
from bot.settings import Settings
from bot.tickets import agreeing, joining, moves, sharing, watching
from bot.tickets.alarm.calling import call
from bot.tickets.tables import State, Ticket
from tests.builders import a_caseworker, a_ticket
from tests.conftest import BOTH, NOW

ORAL = Said(How.PHONE, "本人")


@pytest.fixture
def places(session: Session) -> tuple[int, int]:
    """Two organisations."""
    made = [Organisation(name=name, created_at=NOW) for name in ("甲站", "乙站")]
    session.add_all(made)
    session.flush()
    return made[0].id, made[1].id


def act(staff: Staff) -> moves.Act:
    return moves.Act(staff, 10**9, NOW + timedelta(hours=1))


def test_another_organisation_gets_it_with_a_yes_only(
    session: Session, places: tuple[int, int]
) -> None:
    here, there = places
    head = a_caseworker(session, role=Role.SUPERVISOR)
    other = a_caseworker(session, name="李兰", organisation_id=there)
    ticket = a_ticket(session, organisation_id=here)
    it = sharing.to_organisation(ticket, there, name="说过的话")

    with pytest.raises(InvalidInputError, match="没有同意"):
        moves.assign(session, ticket.number, by=act(head), to=other.id)
    agreeing.ask(session, ticket.number, by=act(head), it=it)
    [asked] = session.scalars(select(OutboundMessage.text)).all()
    assert "乙站" in asked
    assert "说过的话" in asked
    agreeing.write_down(session, ticket.number, by=act(head), it=it, given=True, said=ORAL)
    moves.assign(session, ticket.number, by=act(head), to=other.id)

    assert ticket.assignee_id == other.id
    agreeing.write_down(session, ticket.number, by=act(head), it=it, given=False, said=ORAL)
    assert sharing.organisations(session, ticket) == frozenset()


def test_a_crisis_crosses_without_and_says_so(session: Session, places: tuple[int, int]) -> None:
    here, there = places
    other = a_caseworker(session, organisation_id=there)
    own = a_caseworker(session, organisation_id=here)
    ticket = a_ticket(session, organisation_id=here, urgency="crisis")

    for person in (own, other, other):
        call(session, ticket, person.id, now=NOW)

    row = session.scalars(select(Consent)).one()
    assert (row.about, row.given, row.ground, row.how) == (
        f"org:{there}", False, Ground.EMERGENCY, How.NOT_ASKED,
    )  # fmt: skip
    assert not consent.lives(session, ticket.resident_id, consent.object_of(row))


def test_a_body_outside_is_told_nothing_without_a_yes(session: Session) -> None:
    ticket = a_ticket(session)
    own = act(session.get_one(Staff, ticket.assignee_id))
    it = Object(ConsentKind.SHARING, to="街道", what="住处")

    def partner() -> Ticket:
        return watching.ask_partner(
            session, ticket.number, by=own, partner="街道", purpose="看房子"
        )

    with pytest.raises(InvalidInputError, match="还没有同意"):
        partner()
    with pytest.raises(InvalidInputError, match="不是危机"):
        agreeing.go_without(
            session, ticket.number, by=own, it=it, ground=Ground.EMERGENCY, reason="急"
        )
    with pytest.raises(InvalidInputError, match="写明依据"):
        agreeing.go_without(session, ticket.number, by=own, it=it, ground=Ground.DUTY, reason=" ")
    with pytest.raises(InvalidInputError, match="谁说的"):
        agreeing.write_down(
            session, ticket.number, by=own, it=it, given=True, said=Said(How.PHONE)
        )
    law = "未成年人保护法第十一条"
    agreeing.go_without(session, ticket.number, by=own, it=it, ground=Ground.DUTY, reason=law)

    assert partner().state == State.WAITING_PARTNER
    assert session.scalars(select(Consent)).one().reason == law


def test_two_matters_of_two_organisations_are_not_made_one(
    session: Session, places: tuple[int, int]
) -> None:
    here, there = places
    head = a_caseworker(session, role=Role.SUPERVISOR)
    foreign = a_ticket(
        session, assignee=a_caseworker(session, organisation_id=there), organisation_id=there
    )
    ticket = a_ticket(session, organisation_id=here)

    with pytest.raises(InvalidInputError, match="别的机构"):
        joining.merge(session, ticket.number, by=act(head), into=foreign.number, other_person=True)


def test_what_is_sensitive_is_not_put_on_file_without_a_yes(session: Session) -> None:
    ticket = a_ticket(session, topic="health")
    own = session.get_one(Staff, ticket.assignee_id)
    told = Told("母亲")

    with pytest.raises(InvalidInputError, match="身体和病情"):
        persons.record(session, ticket, told, by=own, now=NOW)
    it = Object(ConsentKind.SENSITIVE, "health")
    agreeing.write_down(session, ticket.number, by=act(own), it=it, given=True, said=ORAL)

    assert persons.record(session, ticket, told, by=own, now=NOW).id


@BOTH
def test_of_a_child_without_a_guardian_nothing_is_taken_away_or_kept_long(
    session: Session, settings: Settings
) -> None:
    boss = a_caseworker(session, role=Role.SUPERVISOR)
    child, urgent, other = (
        a_ticket(session, state=State.CLOSED, closed_at=NOW, outcome="好了", facts={"age": 9})
        for _ in range(3)
    )
    urgent.level = "crisis"
    for ticket in (child, urgent):
        it = Object(ConsentKind.GUARDIAN, ticket_id=ticket.id)
        consent.ask(session, ticket.resident_id, it, version="1", now=NOW)
    session.flush()

    assert session.scalars(select(Ticket).where(exporting.may_have(boss))).all() == [other]
    assert child not in similar._candidates(session, other, boss)

    later = NOW + timedelta(days=load_times().unconsented_days, hours=1)
    while retention.expire(session, now=later, settings=settings):
        pass
    assert [it.summary == "" for it in (child, urgent, other)] == [True, False, False]
