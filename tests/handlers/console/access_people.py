"""Two organisations with people of every role, and what each of them may see: by hand."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from bot.people.tables import Organisation, Role, Staff, Team
from bot.tickets.tables import Lane
from tests.builders import a_caseworker
from tests.conftest import NOW

READS: Mapping[str, frozenset[str]] = {
    "worker": frozenset({"own", "queued"}),
    "cleared": frozenset({"queued"}),
    "boss": frozenset({"own", "mates", "queued"}),
    "other_boss": frozenset({"foreign"}),
    "head": frozenset({"own", "mates", "queued", "foreign"}),
    "admin": frozenset(),
}
"""Whose content each of them may read: written by hand, to be compared with what happens."""
LINES: Mapping[str, frozenset[str]] = {
    "worker": frozenset({"mates"}),
    "cleared": frozenset({"waiting"}),
    "boss": frozenset({"sealed", "waiting"}),
    "other_boss": frozenset(),
    "head": frozenset({"sealed", "waiting"}),
    "admin": frozenset(),
}
"""Of what they may know besides that it is there."""


def people(session: Session) -> dict[str, Staff]:
    """Open everybody's account."""
    places = [Organisation(name=name, created_at=NOW) for name in ("官渡站", "西山站")]
    session.add_all(places)
    session.flush()
    here, there = (place.id for place in places)
    team = Team(organisation_id=here, name="一队")
    session.add(team)
    session.flush()
    columns: dict[str, dict[str, Any]] = {
        "worker": {"organisation_id": here, "team_id": team.id},
        "mate": {"organisation_id": here, "team_id": team.id},
        "cleared": {"organisation_id": here, "lanes": list(Lane)[1:]},
        "stranger": {"organisation_id": there},
        "boss": {"organisation_id": here, "role": Role.SUPERVISOR},
        "other_boss": {"organisation_id": there, "role": Role.SUPERVISOR},
        "head": {"role": Role.SUPERVISOR},
        "admin": {"role": Role.ADMIN},
    }
    return {name: a_caseworker(session, name=f"人{name}", **own) for name, own in columns.items()}
