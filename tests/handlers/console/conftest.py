"""A console on an empty database, people to log in, and a browser without JavaScript."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from pydantic import SecretStr
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from bot.contracts import Source
from bot.db.engine import transaction
from bot.knowledge import entries
from bot.knowledge.entries import Draft
from bot.people import passwords
from bot.people.tables import Role, Staff
from bot.settings import Settings
from bot.tickets.tables import Ticket
from handlers.console.app import make_app
from tests.builders import a_caseworker, a_ticket
from tests.conftest import NOW

PASSWORD = "山高-水长-4711"
QUESTION = "工程包给个人，工资该哪个给"
DRAFT = Draft(
    question=QUESTION,
    variants=("包工头跑了找哪个",),
    answer="由总包单位先垫付，打12333投诉。",
    sources=(Source("保障农民工工资支付条例", "第三十条"),),
    topic="wages",
    subject="欠薪",
)
HASH = passwords.hash_password(PASSWORD)
TOKEN = re.compile(r'name="csrf[-_]token" (?:content|value)="([^"]+)"')


class Time:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


class Browser:
    """Reads and submits pages as a person would, form token and all."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.token = ""

    def open(self, path: str, **options: object) -> TestResponse:
        response = self.client.get(path, **options)
        found = TOKEN.search(response.text)
        self.token = found.group(1) if found else self.token
        return response

    def send(
        self, path: str, data: Mapping[str, object] | None = None, **options: object
    ) -> TestResponse:
        form = {"csrf_token": self.token, **(data or {})}
        return self.client.post(path, data=form, **options)

    def log_in(self, login: str, password: str = PASSWORD, **fields: object) -> TestResponse:
        self.open("/login")
        return self.send("/login", {"login": login, "password": password, **fields})


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def console_settings(settings: Settings) -> Settings:
    own = settings.console.model_copy(
        update={"secret_key": SecretStr("of this test only"), "login_per_minute": 1000}
    )
    return settings.model_copy(update={"console": own})


class Compiled(BytecodeCache):
    """Templates as an earlier test of this process compiled them: half of what a page costs."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


@pytest.fixture
def app(console_settings: Settings, engine: Engine, time: Time) -> Flask:
    app = make_app(console_settings, engine=engine, now=time)
    app.jinja_env.bytecode_cache = COMPILED
    return app


@pytest.fixture
def visitor(app: Flask) -> Browser:
    """Somebody who is not logged in."""
    return Browser(app.test_client())


@pytest.fixture
def person(engine: Engine) -> Callable[..., Staff]:
    """Open an account whose password is PASSWORD."""

    def make(role: Role = Role.CASEWORKER, **columns: object) -> Staff:
        with transaction(engine) as session:
            staff = a_caseworker(session)
            for name, value in {"role": role, "password_hash": HASH, **columns}.items():
                setattr(staff, name, value)
        return staff

    return make


@pytest.fixture
def as_role(app: Flask, person: Callable[..., Staff]) -> Callable[[Role], Browser]:
    """Log somebody of a role in, in a browser of their own."""

    def enter(role: Role) -> Browser:
        browser = Browser(app.test_client())
        assert browser.log_in(person(role).login).status_code == 302
        browser.open("/me")
        return browser

    return enter


@pytest.fixture
def entry(engine: Engine) -> str:
    """Something in force."""
    with transaction(engine) as session:
        author = Staff(login="author", name="原作者", password_hash="!", created_at=NOW)
        session.add(author)
        session.flush()
        entry_id = entries.create(session, DRAFT, author_id=author.id, now=NOW).entry_id
        entries.publish(session, entry_id, staff_id=author.id, now=NOW)
    return entry_id


@pytest.fixture
def worker(person: Callable[..., Staff]) -> Staff:
    return person(name="王芳")


@pytest.fixture
def desk(visitor: Browser, worker: Staff) -> Browser:
    assert visitor.log_in(worker.login).status_code == 302
    return visitor


@pytest.fixture
def ticket(engine: Engine, worker: Staff) -> Ticket:
    with transaction(engine) as session:
        return a_ticket(session, assignee=session.get_one(Staff, worker.id))
