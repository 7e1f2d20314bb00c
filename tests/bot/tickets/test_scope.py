"""Who may read a ticket, who is in charge of it, and who sees a line of it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.audit import AuditEvent
from bot.errors import InvalidInputError, NotAllowedError, NotFoundError
from bot.notices.tables import NoticeKind, StaffNotice
from bot.people.signin.tables import Login
from bot.people.tables import Organisation, Role, Staff, Team
from bot.tickets import moves, scope
from bot.tickets.alarm.calling import call
from bot.tickets.change import note_event
from bot.tickets.moves import Act
from bot.tickets.sealed.opening import holding, unseal
from bot.tickets.supervisors import supervisors_of
from bot.tickets.tables import Lane, State, Ticket, TicketEvent
from tests.builders import a_caseworker, a_ticket
from tests.conftest import NOW

WHY = "负责人联系不上，孩子今晚没人管"


class Town:
    """Two organisations, each with a supervisor; in the first a team of two."""

    def __init__(self, session: Session) -> None:
        places = [Organisation(name=name, created_at=NOW) for name in ("官渡", "西山")]
        session.add_all(places)
        session.flush()
        self.here, self.there = (place.id for place in places)
        team = Team(organisation_id=self.here, name="一队")
        session.add(team)
        session.flush()

        def person(role: Role, place: int | None, **columns: Any) -> Staff:
            return a_caseworker(session, role=role, organisation_id=place, **columns)

        self.me = person(Role.CASEWORKER, self.here, team_id=team.id)
        self.mate = person(Role.CASEWORKER, self.here, team_id=team.id)
        self.stranger = person(Role.CASEWORKER, self.there)
        self.boss = person(Role.SUPERVISOR, self.here)
        self.other_boss = person(Role.SUPERVISOR, self.there)
        self.head = person(Role.SUPERVISOR, None)
        self.admin = person(Role.ADMIN, None)

        def ticket(assignee: Staff | None = None, **columns: Any) -> Ticket:
            return a_ticket(session, assignee=assignee, **columns)

        self.own = ticket(self.me, organisation_id=self.here)
        self.mates = ticket(self.mate, organisation_id=self.here)
        self.sealed = ticket(self.mate, organisation_id=self.here, lane=Lane.VIOLENCE)
        self.foreign = ticket(self.stranger, organisation_id=self.there)
        self.nobodys = ticket(self.stranger)
        self.queued = ticket(state=State.TRIAGE, organisation_id=self.here)
        self.queued_sealed = ticket(state=State.TRIAGE, organisation_id=self.here, lane=Lane.MINOR)


@pytest.fixture
def town(session: Session) -> Town:
    return Town(session)


def named(session: Session, town: Town, condition: object) -> set[str]:
    ids = set(session.scalars(select(Ticket.id).where(condition)))  # type: ignore[arg-type]
    return {name for name, it in vars(town).items() if isinstance(it, Ticket) and it.id in ids}


def test_a_caseworker_reads_their_own_and_what_waits(session: Session, town: Town) -> None:
    assert named(session, town, scope.visible(town.me)) == {"own", "queued"}
    assert named(session, town, scope.listed(town.me)) == {"own", "queued", "mates"}


def test_who_is_in_no_team_sees_no_line_of_others(session: Session, town: Town) -> None:
    assert named(session, town, scope.listed(town.stranger)) == {"foreign", "nobodys"}


def test_what_waits_in_a_lane_is_known_of_by_who_is_cleared(session: Session, town: Town) -> None:
    town.me.lanes = [Lane.MINOR]

    assert "queued_sealed" in named(session, town, scope.in_charge(town.me))
    assert "queued_sealed" not in named(session, town, scope.visible(town.me))
    assert "sealed" not in named(session, town, scope.listed(town.me))


def test_a_supervisor_reads_what_is_of_their_organisation_or_none(
    session: Session, town: Town
) -> None:
    read = {"own", "mates", "nobodys", "queued"}

    assert named(session, town, scope.visible(town.boss)) == read
    assert named(session, town, scope.in_charge(town.boss)) == read | {"sealed", "queued_sealed"}
    assert named(session, town, scope.visible(town.other_boss)) == {"foreign", "nobodys"}
    assert named(session, town, scope.visible(town.head)) == read | {"foreign"}


def test_who_is_called_to_a_crisis_in_a_colleagues_hands_can_take_it(
    session: Session, town: Town
) -> None:
    """Whoever has it sleeps; who is called must not be shown a page that is not there."""
    call(session, town.mates, town.me.id, now=NOW)
    with pytest.raises(NotFoundError):  # it is no crisis yet
        scope.find(session, town.mates.number, staff=town.me)
    note_event(session, town.mates, "level", now=NOW, before="ordinary", after="crisis")

    moves.accept(session, town.mates.number, by=Act(town.me, 10**9, NOW))

    assert town.mates.assignee_id == town.me.id
    with pytest.raises(NotFoundError):  # somebody has accepted: it is theirs now
        scope.find(session, town.mates.number, staff=town.mate)


def test_an_admin_sees_no_ticket(session: Session, town: Town) -> None:
    assert named(session, town, scope.listed(town.admin)) == set()


def test_only_its_own_supervisors_are_told_else_the_admins(session: Session, town: Town) -> None:
    assert set(supervisors_of(session, town.foreign)) == {town.other_boss.id, town.head.id}

    town.other_boss.active = town.head.active = False
    session.flush()
    assert list(supervisors_of(session, town.foreign)) == [town.admin.id]


def test_a_supervisor_opens_what_is_confidential_for_an_hour_and_all_hear_of_it(
    session: Session, town: Town
) -> None:
    number = town.sealed.number
    with pytest.raises(NotFoundError):
        scope.find(session, number, staff=town.boss)

    unseal(session, number, by=town.boss, kind="safety", reason=WHY, now=NOW)
    session.flush()

    assert scope.find(session, number, staff=town.boss).id == town.sealed.id
    told = session.scalars(
        select(StaffNotice.staff_id).where(StaffNotice.kind == NoticeKind.UNSEALED)
    )
    assert set(told) == {town.mate.id, town.head.id, town.admin.id}
    record = session.scalars(select(AuditEvent).where(AuditEvent.deed == "ticket.unseal")).one()
    assert (record.staff_id, record.subject) == (town.boss.id, f"ticket:{number}")
    assert WHY not in str(record.data)
    event = session.scalars(select(TicketEvent).where(TicketEvent.kind == "unsealed")).one()
    assert WHY in event.text
    for minutes, open_ones in ((59, {town.sealed.id}), (60, set())):
        now = NOW + timedelta(minutes=minutes)
        boss = select(Staff, Login).outerjoin(Login, Login.staff_id == Staff.id)
        rows = session.execute(holding(boss.where(Staff.id == town.boss.id), now=now))
        assert {ticket_id for *_, ticket_id in rows} - {None} == open_ones


@pytest.mark.parametrize(
    ("who", "kind", "reason", "error"),
    [
        ("boss", "curious", WHY, InvalidInputError),
        ("boss", "safety", "看看", InvalidInputError),
        ("me", "safety", WHY, NotFoundError),
        ("other_boss", "safety", WHY, NotFoundError),
        ("admin", "safety", WHY, NotFoundError),
    ],
)
def test_nobody_else_opens_it_nor_without_a_reason(
    session: Session, town: Town, who: str, kind: str, reason: str, error: type[Exception]
) -> None:
    person: Staff = getattr(town, who)

    with pytest.raises(error):
        unseal(session, town.sealed.number, by=person, kind=kind, reason=reason, now=NOW)

    assert person.opened == frozenset()


def test_who_is_cleared_takes_what_waits_and_opens_nothing(session: Session, town: Town) -> None:
    town.me.lanes = [Lane.MINOR]
    number = town.queued_sealed.number

    with pytest.raises(NotAllowedError):
        unseal(session, number, by=town.me, kind="safety", reason=WHY, now=NOW)
    moves.accept(session, number, by=Act(town.me, 10**9, NOW))

    assert scope.may_read(session, town.queued_sealed, town.me)


def test_nobody_comes_to_read_it_by_taking_it_over(session: Session, town: Town) -> None:
    number, by = town.sealed.number, Act(town.boss, 10**9, NOW)

    with pytest.raises(InvalidInputError, match="写明原因"):
        moves.accept(session, number, by=by)
    with pytest.raises(InvalidInputError, match="写明原因"):
        moves.assign(session, number, by=by, to=town.boss.id)
    with pytest.raises(InvalidInputError, match="资格"):
        moves.assign(session, number, by=by, to=town.me.id)
    town.me.lanes = [Lane.VIOLENCE]
    moves.assign(session, number, by=by, to=town.me.id)

    assert not scope.may_read(session, town.sealed, town.boss)
    assert scope.may_read(session, town.sealed, town.me)


def test_a_matter_goes_to_no_other_organisation(session: Session, town: Town) -> None:
    with pytest.raises(InvalidInputError, match="别的机构"):
        moves.assign(session, town.own.number, by=Act(town.me, 10**9, NOW), to=town.stranger.id)
