"""The places of the console, and who is shown which."""

from dataclasses import dataclass

from flask import request, url_for

from bot.people.tables import Role
from handlers.console.session import Who

EVERYBODY = frozenset(Role)
CASEWORK = frozenset({Role.CASEWORKER, Role.SUPERVISOR})
CASEWORKER = frozenset({Role.CASEWORKER})
SUPERVISION = frozenset({Role.SUPERVISOR})
QUEUE = "queue"
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
    desk: bool = True
    """Whether it stands in the bar on a desk, where more is in sight anyway."""
    view: str = ""
    """The list of tickets it opens, where it opens one of several."""

    @property
    def url(self) -> str:
        """Its address."""
        return url_for(self.endpoint, view=self.view or None)

    @property
    def here(self) -> bool:
        """Whether the page that is shown belongs to it."""
        part = self.endpoint.partition(".")[0].partition("_")[0]
        if part != "tickets":
            return (request.blueprint or "").startswith(part)
        queue = request.args.get("view") == QUEUE
        return request.blueprint == part and queue == (self.view == QUEUE)


PLACES = (
    Place("tickets.mine", "工单", "inbox", CASEWORK),
    Place("tickets.mine", "未分派", "collection", CASEWORKER, desk=False, view=QUEUE),
    Place("casefile.tasks", "待办", "calendar-check", CASEWORK),
    Place("supervise.show", "督导台", "speedometer2", SUPERVISION),
    Place("reports.show", "报表", "bar-chart", SUPERVISION, phone=False),
    Place("knowledge.list_entries", "知识库", "book", CASEWORK, phone=False),
    Place("knowledge.list_entries", "知识库", "book", frozenset({Role.ADMIN})),
    Place("outbox.list_messages", "发送", "send", SUPERVISION, phone=False),
    Place("outbox.list_messages", "发送", "send", frozenset({Role.ADMIN})),
    Place("staff_roster.show", "值班", "calendar-week", CASEWORK, phone=False),
    Place("staff.list_staff", "人员", "people", frozenset({Role.ADMIN})),
    Place("calendar.show", "日历", "calendar3", frozenset({Role.ADMIN}), phone=False),
    Place("audit.list_events", "记录", "clock-history", frozenset({Role.ADMIN}), phone=False),
    Place("privacy_books.show", "个人信息", "shield-check", frozenset({Role.ADMIN}), phone=False),
    Place("account.show", "我的", "person-circle", EVERYBODY),
)


def places(who: Who) -> list[Place]:
    """Return what this person finds in the navigation, the home page first."""
    return [place for place in PLACES if who.role in place.roles and place.desk]


def phone_places(who: Who) -> list[Place]:
    """Return the targets of the bar at the bottom of a phone."""
    return [place for place in PLACES if who.role in place.roles and place.phone][:MOST_ON_A_PHONE]
