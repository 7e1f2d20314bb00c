"""The service and the platform on one stage, with a caseworker's phone to bind."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine, select

from bot.db.engine import reading, transaction
from bot.notices import binding
from bot.notices.posts import make_posts
from bot.people.tables import Staff
from bot.settings import Settings, Simulator
from bot.wechat.client import make_wechat_api
from bot.worker import Worker
from bot.worker_staff import make_codes
from handlers.simulator.app import make_app as make_simulator
from handlers.web.app import make_app as make_web
from tests.bot.chat import a_line
from tests.fakes import FakeNlu
from tests.handlers.simulator.conftest import Driver, Ticking, a_settings
from tests.serving import serving


@dataclass
class Stage:
    """The service and the platform, each behind a port of its own."""

    driver: Driver
    worker: Worker
    engine: Engine
    staff: Staff

    def phone(self, what: str, **fields: object) -> str:
        return str(self.driver.act(what, **fields)["reply_text"] or "")


@contextmanager
def staged(engine: Engine, settings: Settings, ticking: Ticking) -> Iterator[Stage]:
    """Run the service's callback and the platform while the block lasts."""
    folder = settings.service.data_dir
    folder.mkdir(parents=True)
    base = a_settings(folder)
    ours = settings.model_copy(update={"wechat": base.wechat})
    line = a_line(engine, ours, FakeNlu(), ticking)  # type: ignore[arg-type]
    with serving(make_web(ours, line)) as web:
        url = f"http://127.0.0.1:{web}/wechat"
        app = make_simulator(base, now=ticking, callback_url=url, limit_seconds=5)
        with serving(app) as port:
            theirs = ours.model_copy(update={"simulator": Simulator(port=port)})
            api = make_wechat_api(theirs, engine=engine, clock=ticking)
            worker = Worker(line=line, api=api, posts=make_posts(theirs, api))
            with reading(engine) as session:
                staff = session.scalars(select(Staff)).one()
            driver = Driver(app, app.test_client())
            driver.openid = driver.client.get("/sim/residents").get_json()[3]["openid"]
            yield Stage(driver, worker, engine, staff)


def bind(stage: Stage) -> str:
    """Bind the phone as a person would; return what it said."""
    with transaction(stage.engine) as session:
        binding.offer(session, stage.staff.id, now=stage.worker.line.now())
    assert make_codes(stage.worker)
    ticket = stage.driver.look("feed")["tickets"][-1]["ticket"]
    said = stage.phone("scan", ticket=ticket)
    number = re.search(r"\d{6}", said)
    assert number
    with transaction(stage.engine) as session:
        person = session.get_one(Staff, stage.staff.id)
        now = stage.worker.line.now()
        assert binding.confirm(session, person, number.group(), now=now) == ""
    return said
