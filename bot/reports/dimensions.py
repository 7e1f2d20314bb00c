"""By what tickets can be told apart in a report: place, way in, language, team, person, topic."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, String, case, cast, func, literal

from bot.people.tables import Resident
from bot.tickets.narrow import LANGUAGE, NONE, TEAM
from bot.tickets.tables import Ticket

COUNTY_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Dimension:
    """One way to tell tickets apart."""

    key: str
    """As the address of a list calls it: bot/tickets/narrow.py."""
    label: str
    column: ColumnElement[Any]
    of_resident: bool = False
    """Whether the resident must be joined for it."""
    work: bool = False
    """Whether it tells work apart and not residents: nothing of it needs to be hidden."""


def _or_none(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((column == "", NONE), else_=column)


TOTAL: Final = Dimension("", "合计", literal(""), work=True)
DIMENSIONS: Mapping[str, Dimension] = {
    it.key: it
    for it in (
        Dimension("area", "县区", _or_none(func.substr(Ticket.area_code, 1, COUNTY_DIGITS))),
        Dimension("language", "语言", LANGUAGE),
        Dimension("scene", "来路", _or_none(Resident.scene.expression), of_resident=True),
        Dimension("topic", "事项", Ticket.topic.expression),
        Dimension("team", "团队", func.coalesce(cast(TEAM, String), NONE)),
        Dimension("person", "经办人", func.coalesce(cast(Ticket.assignee_id, String), NONE)),
    )
}
