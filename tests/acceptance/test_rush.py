"""A rush: more messages at once than can be read.  None is lost, and danger does not queue."""

import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler

import pytest
from sqlalchemy import Engine

from bot.db.engine import reading, transaction
from bot.inbox import InboundMessage, ReplyVia
from bot.people.tables import Resident
from bot.settings import Settings, load_settings
from bot.up import health
from bot.up.programs import programs
from bot.up.steps import ROOT
from bot.wiring import make_line
from bot.worker import Worker, answer_next, send_next
from handlers.simulator.crypto import Envelope
from tests.acceptance.parallel import heard
from tests.bot.understanding.a_server import GOOD, a_server, says
from tests.builders import a_caseworker
from tests.chaos.platform import Platform, Pushed
from tests.fakes import FakeNlu, FakeWeChat

WECHAT_HANGS_UP_MS = 5000
RESIDENTS = 12
DANGER = "我不想活了 药都买好了"
SLOW_SECONDS = 2


@pytest.fixture
def over() -> Iterator[threading.Event]:
    """Set when nobody has to wait for the slow NLU any more."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def settings(
    any_engine: Engine,
    over: threading.Event,
    tmp_path_factory: pytest.TempPathFactory,
    free_port: int,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Settings]:
    """Two processes of two places each, and an NLU that takes its time."""

    def slow(handler: BaseHTTPRequestHandler) -> None:
        over.wait(SLOW_SECONDS)
        says(GOOD)(handler)

    with a_server(slow) as nlu:
        for name, value in {
            "SERVICE__DATA_DIR": str(tmp_path_factory.mktemp("var")),
            "DATABASE__URL": any_engine.url.render_as_string(hide_password=False),
            "WEB__PORT": str(free_port),
            "WEB__WORKERS": "2",
            "WEB__THREADS": "2",
            "NLU__URLS": nlu.url,
            "NLU__DEADLINE_MS": "3000",
        }.items():
            monkeypatch.setenv(f"YUNQIAO_{name}", value)
        yield load_settings()


@pytest.fixture
def platform(any_engine: Engine, settings: Settings) -> Iterator[Platform]:
    """The platform's side of the public processes, which run as `up` starts them."""
    with transaction(any_engine) as session:
        a_caseworker(session, name="王芳")
    [web] = [program for program in programs(settings) if program.name == "web"]
    process = subprocess.Popen(web.argv, env=dict(web.env), cwd=ROOT)
    try:
        until(lambda: health.answers(web.health))
        platform = Platform(web.health.removesuffix("/healthy"), envelope_of(settings))
        platform.push("o-first", "在吗", "1000")  # what is made at the first message is made now
        yield platform
    finally:
        process.terminate()
        process.wait(30)


def test_a_rush_is_acknowledged_and_answered_and_danger_overtakes_it(
    any_engine: Engine, settings: Settings, platform: Platform, over: threading.Event
) -> None:
    with ThreadPoolExecutor(RESIDENTS + 1) as pool:
        rush = [
            pool.submit(platform.push, f"o-{number}", f"你们那里第{number}号", str(number))
            for number in range(1, RESIDENTS + 1)
        ]
        until(lambda: len(heard(any_engine)) == RESIDENTS + 1)
        danger = platform.push("o-danger", DANGER, "99")
        pushed = [*(each.result() for each in rush), danger]
    over.set()

    assert all(in_time(each) for each in pushed)
    assert "12356" in danger.reply
    left = [message for message in heard(any_engine) if message.answered_at is None]
    assert left
    assert "99" not in {message.msg_id for message in left}

    sent = catch_up(any_engine, settings)

    messages = heard(any_engine)
    assert len(messages) == RESIDENTS + 2
    assert all(message.answered_at and message.reply for message in messages)
    by_outbox = [message for message in messages if message.reply_via == ReplyVia.OUTBOX]
    assert {message.id for message in left} <= {message.id for message in by_outbox}
    # Each got one answer: in the call, or afterwards.
    assert sorted(sent) == sorted(writers(any_engine, by_outbox))


def in_time(pushed: Pushed) -> bool:
    return pushed.acknowledged and pushed.tries == 1 and pushed.ms < WECHAT_HANGS_UP_MS


def catch_up(engine: Engine, settings: Settings) -> list[str]:
    """Let a worker do what is left; return to whom it sent something, once for each message."""
    api = FakeWeChat()
    worker = Worker(line=make_line(settings, engine=engine, nlu=FakeNlu()), api=api)  # type: ignore[arg-type]
    while answer_next(worker):
        pass
    # A turn that outlived its call may be writing its answer still.
    until(lambda: all(message.answered_at for message in heard(engine)))
    while send_next(worker):
        pass
    return [openid for openid, _, _ in api.sent]


def writers(engine: Engine, messages: list[InboundMessage]) -> list[str]:
    with reading(engine) as session:
        found = [session.get_one(Resident, message.resident_id) for message in messages]
        return [resident.openid for resident in found]


def envelope_of(settings: Settings) -> Envelope:
    wechat = settings.wechat
    token, key = wechat.token.get_secret_value(), wechat.aes_key.get_secret_value()
    return Envelope(token, key, wechat.app_id)


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
