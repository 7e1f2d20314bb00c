"""Whatever is typed, sent or asked for: never an error page of ours, and nothing half done."""

import io
import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Engine
from werkzeug.routing import Rule

from bot.db.engine import transaction
from bot.people.tables import Role, Staff
from bot.settings import ROOT
from bot.tickets import check
from tests.builders import a_ticket
from tests.handlers.console.conftest import Browser

FIELD = re.compile(r"request\.(?:form|args|values)\.get(?:list)?\(\s*\"(\w+)\"")
FIELDS = sorted(
    {
        name
        for path in (ROOT / "handlers" / "console").glob("*.py")
        for name in FIELD.findall(path.read_text("utf-8"))
    }
    | {"version", "once", "number", "staff_id", "day", "at", "text", "name", "reason", "ids"}
)
NASTY = (
    "",
    "-1",
    "9" * 40,
    "²",  # a digit to str.isdigit, and no number
    "\x00\x01\x1b",
    "2026-02-31T99:99",
    "1e309",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    '=HYPERLINK("http://x")',
    "\u202e好\u200b\u200d" * 50,
    "好" * 1_500,
)
ENDS_THE_LOGIN = {"auth.sign_out", "account.end_logins", "account.password"}


def addresses(app: Flask) -> list[Rule]:
    return [
        rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in ENDS_THE_LOGIN
        and "static" not in rule.endpoint
        and not rule.endpoint.startswith("assets.")
    ]


def built(rule: Rule, value: str, number: str) -> str:
    """The address with a real number where a ticket is named, and else with what is nasty."""
    path = re.sub(r"<int:\w+>", "99999999999" if len(value) % 2 else "1", rule.rule)
    path = path.replace("<number>", number if len(value) % 2 else value[:40] or "x")
    return re.sub(r"<[^>]+>", value[:40].replace("/", "") or "x", path)


@pytest.mark.parametrize(
    ("role", "value"),
    [
        *((Role.SUPERVISOR, value) for value in NASTY),
        *((role, value) for role in (Role.CASEWORKER, Role.ADMIN) for value in NASTY[2:4]),
    ],
    ids=range(len(NASTY) + 4),
)
def test_no_route_breaks(
    app: Flask, engine: Engine, as_role: Callable[[Role], Browser], role: Role, value: str
) -> None:
    app.config.update(PROPAGATE_EXCEPTIONS=False, TESTING=False)
    someone = as_role(role)
    with transaction(engine) as session:
        mine = session.query(Staff).order_by(Staff.id.desc()).first()
        number = a_ticket(session, assignee=mine).number
    form: dict[str, object] = dict.fromkeys(FIELDS, value.encode("utf-8", "replace").decode())
    broken = []
    for rule in addresses(app):
        path = built(rule, value.encode("utf-8", "replace").decode(), number)
        if "GET" in (rule.methods or ()):
            got = someone.client.get(path, query_string=form if len(value) < 300 else {})
            broken += [(rule.endpoint, got.status_code)] * (got.status_code >= 500)
        if "POST" in (rule.methods or ()):
            files = {"file": (io.BytesIO(value.encode("utf-8", "replace")), value[:30] or "a.pdf")}
            sent = someone.send(path, form | files, content_type="multipart/form-data")
            broken += [(rule.endpoint, sent.status_code)] * (sent.status_code >= 500)
    assert broken == []
    with transaction(engine) as session:
        assert {it.what for it in check.differences(session)} <= {"log"}
