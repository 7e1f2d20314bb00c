"""The places of the console, and who is shown which."""

from dataclasses import dataclass

from flask import current_app

from bot.people.tables import Role
from handlers.console.session import Who

EVERYBODY = frozenset(Role)
CASEWORK = frozenset({Role.CASEWORKER, Role.SUPERVISOR})
MOST_ON_A_PHONE = 4


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation."""

    endpoint: str
    label: str
    icon: str
    roles: frozenset[Role]
    phone: bool = True
    """Whether it may take one of the four targets of the bar on a phone."""

    @property
    def blueprint(self) -> str:
        """The part of the console it stands for."""
        return self.endpoint.partition(".")[0]


PLACES = (
    Place("tickets.mine", "工单", "inbox", CASEWORK),
    Place("knowledge.list_entries", "知识库", "book", EVERYBODY),
    Place("outbox.list_messages", "发送", "send", frozenset({Role.SUPERVISOR, Role.ADMIN})),
    Place("staff.list_staff", "人员", "people", frozenset({Role.ADMIN})),
    Place("audit.list_events", "记录", "clock-history", frozenset({Role.ADMIN}), phone=False),
    Place("account.show", "我的", "person-circle", EVERYBODY),
)


def places(who: Who) -> list[Place]:
    """Return what this person finds in the navigation, the home page first."""
    known = current_app.view_functions
    return [place for place in PLACES if who.role in place.roles and place.endpoint in known]


def phone_places(who: Who) -> list[Place]:
    """Return the targets of the bar at the bottom of a phone."""
    return [place for place in places(who) if place.phone][:MOST_ON_A_PHONE]
