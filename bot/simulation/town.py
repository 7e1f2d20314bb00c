"""The staff of a simulated month, in groups of the same skills and hours."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from bot.people import roster
from bot.people.leaves import Span, set_leave
from bot.people.tables import DutyRole, LeaveKind, Role, Staff
from bot.simulation.scenario import DAY, STARTS_AT, Scenario

GROUPS = (("法律援助",), ("福利救助", "教育", "公共医疗"), ("心理疏导", "团结维稳", "法律援助"))
SUPERVISORS = 2
CLEARED = 2
"""Of each group so many may work in the confidential lanes."""
ON_LEAVE_EACH = 5
LEAVE_DAYS = 5
MORNING = timedelta(hours=8, minutes=30)


@dataclass(frozen=True, slots=True)
class Town:
    """Who works there."""

    caseworkers: tuple[int, ...]
    supervisors: tuple[int, ...]
    group_of: dict[int, int]
    """Of each caseworker: those of one number have the same skills and hours."""


def settle(session: Session, scenario: Scenario) -> Town:
    """Open the accounts and set the leaves."""
    supervisors = [_person(session, f"督导{n + 1}", Role.SUPERVISOR) for n in range(SUPERVISORS)]
    caseworkers = [
        _person(session, f"社工{number + 1}", services=GROUPS[number % len(GROUPS)])
        for number in range(scenario.staff)
    ]
    for number, person in enumerate(caseworkers):
        colleagues = [it.id for it in caseworkers[number % len(GROUPS) :: len(GROUPS)]]
        person.substitutes = [it for it in colleagues if it != person.id]
        person.lanes = ["minor", "violence"] if number < len(GROUPS) * CLEARED else []
    for place, person in enumerate(caseworkers[::ON_LEAVE_EACH]):
        starts = STARTS_AT + MORNING + (2 + place * 6) * DAY
        span = Span(starts, starts + LEAVE_DAYS * DAY)
        if span.ends_at < scenario.ends_at:
            by = supervisors[0]
            set_leave(session, person, span=span, kind=LeaveKind.ANNUAL, by=by, now=STARTS_AT)
    _on_call(session, scenario, caseworkers, supervisors)
    return Town(
        tuple(person.id for person in caseworkers),
        tuple(person.id for person in supervisors),
        {person.id: number % len(GROUPS) for number, person in enumerate(caseworkers)},
    )


def _on_call(
    session: Session, scenario: Scenario, caseworkers: list[Staff], supervisors: list[Staff]
) -> None:
    """Set who is called to a crisis on each day and its night: one of them, then a supervisor."""
    for day in range(scenario.days):
        starts = STARTS_AT + MORNING + day * DAY
        for rung, people in enumerate((caseworkers, supervisors), 1):
            roster.set_shift(
                session,
                people[day % len(people)],
                role=DutyRole.CRISIS,
                rung=rung,
                span=Span(starts, starts + DAY),
                by=supervisors[0],
                now=STARTS_AT,
            )


def _person(
    session: Session, name: str, role: Role = Role.CASEWORKER, services: tuple[str, ...] = ()
) -> Staff:
    person = Staff(
        login=f"s-{name}",
        name=name,
        role=role,
        services=list(services),
        password_hash="!",  # noqa: S106 (nobody logs in)
        capacity=60,
        created_at=STARTS_AT,
    )
    session.add(person)
    session.flush()
    return person
