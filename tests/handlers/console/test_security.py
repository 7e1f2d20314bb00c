"""Refused by default, strict headers, no script or style inside a page, errors as pages."""

import os
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, text
from werkzeug import routing
from werkzeug.test import TestResponse

from bot.db.engine import make_engine
from bot.errors import ConflictError, NotFoundError, UpstreamError
from bot.people.tables import Role
from bot.settings import Settings
from handlers.console.access import RULES, TABLE, Rule, Scope, is_public
from handlers.console.app import make_app
from handlers.console.security import POLICY
from handlers.console.session import db
from tests.handlers.console.conftest import Browser, Time

Enter = Callable[[Role], Browser]
OF_A_TEST = ("fail", "refuse", "mode")
TEMPLATES = Path("handlers/console/templates")


def address(rule: routing.Rule) -> str:
    values = dict.fromkeys(rule.arguments, "1")
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values[found.group(1)], rule.rule)


@pytest.fixture
def let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let staff call the routes that these tests add."""
    rule = Rule("", "", Scope.SELF, Scope.SELF, Scope.SELF)
    for endpoint in OF_A_TEST:
        monkeypatch.setitem(TABLE, endpoint, rule)


class Inline(HTMLParser):
    """Finds what a strict content policy would block."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in names):
            self.found.append(tag)
        for name, value in names.items():
            if name == "style" or name.startswith(("on", "hx-on")):
                self.found.append(name)
            if re.match(r"\s*(javascript:|https?://|//)", value or "") and name in {"href", "src"}:
                self.found.append(f"{name}={value}")


def assert_strict(page: TestResponse) -> None:
    assert page.headers["Content-Security-Policy"] == POLICY
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["X-Frame-Options"] == "DENY"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert page.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in page.headers["Permissions-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
    if page.mimetype != "text/html":
        return  # a file to keep
    parser = Inline()
    parser.feed(page.text)
    assert parser.found == []


def test_every_route_refuses_a_stranger(app: Flask, visitor: Browser) -> None:
    visitor.open("/login")
    rules = [rule for rule in app.url_map.iter_rules() if not is_public(rule.endpoint)]
    assert len(rules) > 10

    for rule in rules:
        if "GET" in (rule.methods or ()):
            page = visitor.client.get(address(rule))
            assert page.status_code == 302, rule
            assert page.headers["Location"].startswith("/login"), rule
        else:
            assert visitor.send(address(rule)).status_code == 401, rule


def test_the_table_names_every_route_and_no_other(app: Flask) -> None:
    routes = {rule.endpoint for rule in app.url_map.iter_rules()}
    named = [endpoint for rule in RULES for endpoint in rule.endpoints]

    assert set(named) == routes
    assert len(named) == len(set(named))


def test_a_route_that_is_not_in_the_table_is_refused(app: Flask, as_role: Enter) -> None:
    app.add_url_rule("/forgotten", view_func=lambda: "secret", endpoint="forgotten")

    for role in Role:
        page = as_role(role).open("/forgotten")
        assert (page.status_code, "secret" in page.text) == (403, False)


def test_admins_read_the_table_in_words(as_role: Enter) -> None:
    page = as_role(Role.ADMIN).open("/audit/access")

    for rule in RULES:
        assert rule.what in page.text


def test_every_posting_route_wants_the_forms_token(app: Flask, as_role: Enter) -> None:
    client = as_role(Role.ADMIN).client

    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()):
            page = client.post(address(rule), data={"on": "1"})
            assert page.status_code == 400, rule
            assert "打开太久" in page.text, rule


@pytest.mark.parametrize("role", list(Role))
def test_every_page_is_strict(app: Flask, as_role: Enter, role: Role) -> None:
    browser = as_role(role)

    for rule in app.url_map.iter_rules():
        public_file = rule.endpoint in {"static", "bootstrap.static", "assets.htmx"}
        if "GET" in (rule.methods or ()) and not public_file:
            assert_strict(browser.client.get(address(rule), follow_redirects=True))


def test_no_template_holds_script_or_style(app: Flask) -> None:
    for path in TEMPLATES.rglob("*.html"):
        source = path.read_text("utf-8")
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|hx-on|<script(?![^>]*src)", source), (
            path
        )
        assert not re.search(r"https?://", source), path


def test_files_may_be_kept_for_long_under_their_version(visitor: Browser) -> None:
    page = visitor.open("/login")
    files = re.findall(r'(?:src|href)="([^"]+\.(?:js|css|svg)\?[^"]*)"', page.text)

    assert len(files) >= 4
    for file in files:
        answer = visitor.client.get(file)
        answer.close()
        assert answer.status_code == 200, file
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Security-Policy"] == POLICY


def test_an_unknown_address_gets_a_page_in_chinese(visitor: Browser, as_role: Enter) -> None:
    for page in (visitor.open("/nothing"), as_role(Role.ADMIN).open("/nothing")):
        assert page.status_code == 404
        assert "没有找到这一页" in page.text
        assert_strict(page)


@pytest.mark.usefixtures("let_in")
@pytest.mark.parametrize(
    ("error", "status", "says"),
    [
        (NotFoundError("T-1"), 404, "没有找到这一页"),
        (ConflictError("张三刚刚改过。"), 409, "张三刚刚改过。"),
        (UpstreamError("secret detail"), 503, "暂时做不了"),
        (RuntimeError("o-openid 我被打了"), 500, "出了问题"),
    ],
)
def test_errors_are_pages_without_their_insides(
    app: Flask, as_role: Enter, capsys: pytest.CaptureFixture[str], *, error: Exception,
    status: int, says: str,
) -> None:  # fmt: skip
    def fail() -> str:
        raise error

    app.add_url_rule("/fail", view_func=fail)
    browser = as_role(Role.CASEWORKER)

    page = browser.open("/fail")
    part = browser.client.get("/fail", headers={"HX-Request": "true"})

    assert page.status_code == part.status_code == status
    assert says in page.text
    assert "Traceback" not in page.text
    assert "secret detail" not in page.text
    assert part.headers["HX-Reswap"] == "none"
    assert "hx-swap-oob" in part.text
    logged = "".join(capsys.readouterr())
    assert "o-openid" not in logged + page.text
    assert_strict(page)


@pytest.mark.usefixtures("let_in")
def test_nothing_is_kept_of_a_refused_request(app: Flask, as_role: Enter, engine: Engine) -> None:
    def refuse() -> tuple[str, int]:
        db().execute(text("UPDATE staff SET name = 'changed'"))
        return "no", 400

    app.add_url_rule("/refuse", view_func=refuse, methods=["POST"])
    as_role(Role.CASEWORKER).send("/refuse")

    with engine.connect() as connection:
        assert connection.execute(text("SELECT name FROM staff")).scalar() != "changed"


@pytest.mark.usefixtures("let_in")
def test_a_get_cannot_write(app: Flask, as_role: Enter) -> None:
    def mode() -> str:
        return str(db().connection().get_execution_options()["read_only"])

    app.add_url_rule("/mode", view_func=mode)

    assert as_role(Role.CASEWORKER).open("/mode").text == "True"


def test_health_names_what_fails(
    app: Flask, console_settings: Settings, time: Time, tmp_path: Path
) -> None:
    process = os.getpid()  # by which a reload knows that the new code answers
    well = {"healthy": True, "failing": [], "process": process}
    assert app.test_client().get("/healthy").json == well

    empty = make_engine(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    answer = make_app(console_settings, engine=empty, now=time).test_client().get("/healthy")
    assert (answer.status_code, answer.json) == (
        503,
        {"healthy": False, "failing": ["migrations"], "process": process},
    )
    empty.dispose()
