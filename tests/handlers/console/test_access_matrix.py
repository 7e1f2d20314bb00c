"""
Every route, by everybody, about every kind of ticket: who may not read a ticket meets none of it.

The rights are written down by hand in access_people.py and compared with what the
pages say; what somebody knows nothing of has to look exactly as what is not there.
"""

import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from bot.people.tables import Role
from bot.settings import Settings
from handlers.console import looking
from handlers.console import session as console_session
from handlers.console.access import TABLE
from tests.handlers.console.access_console import Console, a_console, seen_of, text_of, undone
from tests.handlers.console.access_people import LINES, READS
from tests.handlers.console.access_world import MARKS, NONE

SCOPED = ("number", "media_id", "outbound_id", "task_id", "attachment_id", "household_id",
          "approval_id")  # fmt: skip
ONCE = "a-page-of-the-matrix"
FORM = {
    "text": "一句话", "note": "一句话", "reason": "有原因的", "why": "孩子今晚没有人管",
    "kind": "safety",
    "once": ONCE, "version": "999999", "decision": "yes", "answer": "好", "outcome": "办好了",
    "code": "solved", "channel": "phone", "solved": "yes", "level": "urgent", "partner": "街道",
    "purpose": "查", "how": "phone", "said_by": "本人", "consent": "guardian", "given": "yes",
    "result": "查了", "summary": "另一件", "state": "live",
    "action": "supervise", "relation": "母亲", "claim": "工资", "due": "2026-03-09T10:00",
    "name": "列表", "columns": "number", "words": "1", "insert": "", "find": "工资",
}  # fmt: skip
COVERS = frozenset(
    {
        *("tickets.show", "tickets.sealed", "tickets.unseal", "tickets.accept"),
        *("tickets.assign", "tickets.supervise", "tickets.end_supervision"),
        *("outbox.again", "audit.of_ticket"),
    }
)
"""What is open to who is in charge of a ticket and may not read it."""
APART = frozenset({"supervise_bulk.do", "supervise_bulk.undo"})
"""They open transactions of their own: test_complaint_24 asks for them."""
FEW = ("sealed", "foreign", NONE)
"""About these a route is asked that takes no ticket, or refuses the person anyway."""
BY_ADMINS = frozenset({"outbox.again", "outbox.list_messages"})
"""Where admins meet the number of a ticket, and nothing that it says."""
MOVING = re.compile(
    r'name="(?:csrf_token|once|csrf-token)" (?:content|value)="[^"]*"|"csrf_token":"[^"]*"'
)
"""What differs from one answer to the next for nobody's sake."""


ROLES = {
    "worker": Role.CASEWORKER,
    "cleared": Role.CASEWORKER,
    "boss": Role.SUPERVISOR,
    "other_boss": Role.SUPERVISOR,
    "head": Role.SUPERVISOR,
    "admin": Role.ADMIN,
}


@pytest.fixture
def console(
    settings: Settings, empty_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Console]:
    """A console in whose world nothing is ever changed."""
    monkeypatch.setattr(console_session, "transaction", undone)
    monkeypatch.setattr(looking, "transaction", undone)
    with a_console(settings, empty_database, tmp_path) as opened:
        yield opened


def path_of(rule: Rule, console: Console, scope: str) -> str:
    """The address of the route for this ticket and what hangs on it; of all else nothing is."""
    thing = console.world.things[scope]
    values = {
        **dict.fromkeys(rule.arguments, "999999"),
        **{name: str(number) for name, number in thing.ids.items()},
        "number": thing.number,
        "kind": "reply.text",
        "filename": "none",
    }
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values[found.group(1)], rule.rule)


def form_of(console: Console, scope: str) -> dict[str, Any]:
    """A form that would do something if it were let, and names the ticket wherever it can."""
    number = console.world.things[scope].number
    return {
        **FORM, "to": str(console.world.staff["mate"]), "number": number, "numbers": number,
        "other": number, "into": number, "q": number, "mark": MARKS.get(scope, ""),
    }  # fmt: skip


def plain(console: Console, scope: str, answer: TestResponse) -> tuple[int, str, str]:
    """The answer without what says which ticket was asked for."""
    thing = console.world.things[scope]
    said = MOVING.sub("", text_of(answer)).replace(answer.request.path, "PATH")
    said = said.replace(thing.number, "NUMBER")
    where = answer.headers.get("Location", "").replace(thing.number, "NUMBER")
    return answer.status_code, where, said


def rules_of(app: Flask) -> list[tuple[Rule, str]]:
    return [
        (rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) & {"GET", "POST"})
        if not TABLE[rule.endpoint].public and rule.endpoint not in APART
    ]


def test_no_route_shows_anybody_a_ticket_they_may_not_read(console: Console) -> None:
    found = [
        problem
        for rule, method in rules_of(console.app)
        for who in READS
        for problem in problems_of(console, rule, method, who)
    ]

    own = console.ask("worker", "GET", f"/tickets/{console.world.things['own'].number}")
    assert MARKS["own"] in text_of(own)  # the marks are there to be seen
    cells = sum(console.asked.values())
    print(f"access matrix: {len(console.asked)} routes, {cells} cells")  # noqa: T201
    assert not found, "\n".join(found)


def problems_of(console: Console, rule: Rule, method: str, who: str) -> Iterator[str]:
    """Ask for every ticket by this route, and say what is not as it has to be."""
    may = TABLE[rule.endpoint].scope(ROLES[who]) is not None
    names_one = not rule.arguments.isdisjoint(SCOPED)
    names = console.world.things if may and names_one else FEW
    told = {name: ask_for(console, rule, method, who, name) for name in names}
    nothing = plain(console, NONE, told[NONE])
    cover = not names_one or rule.endpoint in COVERS
    for name, answer in told.items():
        where = f"{method} {rule.rule} by {who} of {name}"
        if not may and answer.status_code != HTTPStatus.FORBIDDEN:
            yield f"{where}: not refused"
        if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            yield f"{where}: {answer.status_code}"
        yield from (f"{where}: shows {other}" for other in seen_of(console, who, answer))
        known = name in READS[who] or (name in LINES[who] and cover)
        known |= who == "admin" and rule.endpoint in BY_ADMINS
        if not known and plain(console, name, answer) != nothing:
            yield f"{where}: is not as if there were none"


def ask_for(console: Console, rule: Rule, method: str, who: str, name: str) -> TestResponse:
    console.asked[f"{method} {rule.rule}"] += 1
    path, form = path_of(rule, console, name), form_of(console, name)
    if method == "POST":
        return console.ask(who, method, path, form=form)
    return console.ask(who, method, path, query={"q": form["number"], "open": form["number"]})
