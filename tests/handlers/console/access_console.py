"""A console over the world of access_world.py, asked by each of its people."""

import io
import shutil
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from pydantic import SecretStr
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from bot.db.engine import make_engine, transaction
from bot.people.signin.sessions import Browser, start
from bot.people.tables import Staff
from bot.settings import Settings
from handlers.console.app import make_app
from handlers.console.session import KEY
from tests.conftest import NOW
from tests.handlers.console.access_people import READS
from tests.handlers.console.access_world import MARKS, NONE, World, build

COOKIE = "yunqiao_console"
DAY = timedelta(days=1)


@contextmanager
def undone(engine: Engine) -> Iterator[Session]:
    """A transaction that leaves nothing: the next request meets the same world."""
    with transaction(engine) as session:
        yield session
        session.flush()
        session.rollback()


@dataclass
class Console:
    """The console of one world, and how often each route was asked."""

    app: Flask
    engine: Engine
    world: World
    cookies: dict[str, str]
    asked: Counter[str] = field(default_factory=Counter)

    def ask(
        self, who: str, method: str, path: str, *, query: Any = None, form: Any = None
    ) -> TestResponse:
        headers = {"Cookie": self.cookies[who]}
        if method == "POST":
            headers["HX-Request"] = "true"  # as pages send their forms; a refusal is a line
        client = self.app.test_client(use_cookies=False)
        return client.open(path, method=method, query_string=query, data=form, headers=headers)


def text_of(answer: TestResponse) -> str:
    """What the answer says; of an Excel file what is in it, but for when it was made."""
    content = answer.get_data()
    if not content.startswith(b"PK\x03\x04"):
        return content.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        names = sorted(set(file.namelist()) - {"docProps/core.xml"})
        return "\n".join(file.read(name).decode("utf-8", "replace") for name in names)


def seen_of(console: Console, who: str, answer: TestResponse) -> list[str]:
    """Name the tickets they may not read of which something is in the answer."""
    whole = f"{text_of(answer)} {answer.headers}".lower()
    closed = console.world.things.keys() - READS[who] - {NONE}
    return [name for name in sorted(closed) if MARKS[name] in whole]


@contextmanager
def a_console(
    settings: Settings, database: Path, folder: Path, *without: str
) -> Iterator[Console]:
    """Open a console on a copy of the empty database, filled, with everybody logged in."""
    shutil.copy(database, folder / f"world{len(without)}.sqlite3")
    engine = make_engine(f"sqlite:///{folder}/world{len(without)}.sqlite3")
    with transaction(engine) as session:
        world = build(session, settings.service.data_dir, without=frozenset(without))
        for who in READS:
            person = session.get_one(Staff, world.staff[who])
            browser = Browser(f"key-{who}", "", "")
            start(session, person, browser, until=NOW + DAY, now=NOW, proven=True)
    ours = {"secret_key": SecretStr("of this test only"), "login_per_minute": 100_000}
    own = settings.console.model_copy(update=ours)
    app = make_app(settings.model_copy(update={"console": own}), engine=engine, now=lambda: NOW)
    app.config["WTF_CSRF_ENABLED"] = False
    yield Console(app, engine, world, {who: _logged_in(app, who) for who in READS})
    engine.dispose()


def _logged_in(app: Flask, who: str) -> str:
    client = app.test_client()
    with client.session_transaction() as login:
        login[KEY] = f"key-{who}"
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    return f"{COOKIE}={cookie.value}"
