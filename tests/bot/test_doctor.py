"""The installation, looked at from WeChat's side."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import requests
import responses
from flask.testing import FlaskClient
from sqlalchemy import Engine

from bot import outbox
from bot.db.engine import make_engine, transaction
from bot.doctor import Finding, run_doctor
from bot.outbox import SendState
from bot.processes import beat
from bot.settings import Nlu, Settings, Web
from bot.wechat.menu import MENU
from handlers.web.app import make_app
from tests.bot.chat import a_line
from tests.bot.wechat import platform
from tests.builders import a_resident
from tests.conftest import NOW
from tests.fakes import FakeNlu, SetClock

API = "https://api.test"
PUBLIC = "https://yunqiao.test"
LOCAL = "http://127.0.0.1:8000"


@pytest.fixture
def http() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def healthy(settings: Settings) -> Settings:
    return settings.model_copy(
        update={
            "wechat": platform.settings(api_base=API, account_id="gh_1"),
            "web": Web(public_url=PUBLIC),
            "nlu": Nlu(urls=("http://127.0.0.1:9",)),
        }
    )


def serve(http: responses.RequestsMock, client: FlaskClient, base: str = PUBLIC) -> None:
    """Let the app answer at its address."""

    def answer(request: requests.PreparedRequest) -> tuple[int, dict[str, str], bytes]:
        path = str(request.url).removeprefix(base)
        body = request.body or b""
        came = client.open(path, method=str(request.method), data=body)
        return came.status_code, {}, came.data

    for method in (responses.GET, responses.POST):
        http.add_callback(method, f"{base}/wechat", callback=answer)


def serve_api(http: responses.RequestsMock, *, date: datetime = NOW, **menu: object) -> None:
    http.head(API, headers={"Date": format_datetime(date, usegmt=True)})
    http.post(f"{API}/cgi-bin/stable_token", json={"access_token": "t", "expires_in": 7200})
    http.get(f"{API}/cgi-bin/getcallbackip", json={"ip_list": ["101.1.1.1"]})
    http.get(f"{API}/cgi-bin/menu/get", json={"menu": menu or MENU})


def app(engine: Engine, settings: Settings) -> FlaskClient:
    return make_app(settings, a_line(engine, settings, FakeNlu(), SetClock())).test_client()


def look(settings: Settings, engine: Engine) -> list[Finding]:
    return run_doctor(settings, engine=engine, now=lambda: NOW)


def bad(findings: list[Finding]) -> str:
    return "\n".join(f"{it.level} {it.what} {it.fix}" for it in findings if it.level != "ok")


def test_a_sound_installation_is_all_right_but_for_the_nlu(
    http: responses.RequestsMock, engine: Engine, healthy: Settings
) -> None:
    serve(http, app(engine, healthy))
    serve_api(http)
    with transaction(engine) as session:
        beat(session, "worker:1", now=NOW)

    findings = look(healthy, engine)

    [only] = [finding for finding in findings if finding.level != "ok"]
    assert "NLU" in only.what
    assert len(findings) >= 9


def test_every_trouble_comes_with_something_to_do(
    http: responses.RequestsMock, engine: Engine, healthy: Settings
) -> None:
    assert all(finding.fix for finding in look(healthy, engine) if finding.level != "ok")


def test_an_address_nobody_answers_at_is_named(
    http: responses.RequestsMock, engine: Engine, healthy: Settings
) -> None:
    assert f"{PUBLIC}/wechat unreachable" in bad(look(healthy, engine))


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"token": "another-token"}, "refused"),
        ({"aes_key": platform.OLD_KEY}, "encrypted POST"),
    ],
)
def test_a_web_process_with_other_secrets_is_found(
    http: responses.RequestsMock,
    engine: Engine,
    healthy: Settings,
    change: dict[str, str],
    word: str,
) -> None:
    other = healthy.model_copy(update={"wechat": platform.settings(**change)})
    serve(http, app(engine, other))

    assert word in bad(look(healthy, engine))


def test_a_web_process_on_another_database_is_found(
    http: responses.RequestsMock, engine: Engine, stocked_engine: Engine, healthy: Settings
) -> None:
    serve(http, app(stocked_engine, healthy))

    assert "not stored" in bad(look(healthy, engine))


def test_somebody_else_at_the_address_is_found(
    http: responses.RequestsMock, engine: Engine, healthy: Settings
) -> None:
    for method in (responses.GET, responses.POST):
        http.add(method, f"{PUBLIC}/wechat", body="<h1>It works!</h1>")

    assert "strange" in bad(look(healthy, engine))


def test_an_echo_of_forged_calls_is_found(
    http: responses.RequestsMock, engine: Engine, healthy: Settings
) -> None:
    def parrot(request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        return 200, {}, str(request.url).partition("echostr=")[2].partition("&")[0]

    http.add_callback(responses.GET, f"{PUBLIC}/wechat", callback=parrot)

    assert "forged call not refused" in bad(look(healthy, engine))


def test_without_a_public_address_the_local_one_is_tried(
    http: responses.RequestsMock, engine: Engine, healthy: Settings
) -> None:
    local = healthy.model_copy(update={"web": Web()})
    serve(http, app(engine, local), LOCAL)

    findings = look(local, engine)

    assert "web.public_url" in bad(findings)
    assert Finding("ok", "加密消息 encrypted POST：通过") in findings


def test_a_port_that_wechat_does_not_call_is_named(
    http: responses.RequestsMock, engine: Engine, healthy: Settings
) -> None:
    odd = healthy.model_copy(update={"web": Web(public_url="https://yunqiao.test:8443")})

    assert "80 和 443" in bad(look(odd, engine))


@pytest.mark.parametrize(
    ("code", "word"), [(40164, "IP 白名单"), (40125, "AppSecret"), (99999, "99999")]
)
def test_what_wechat_says_to_our_token_is_explained(
    http: responses.RequestsMock, engine: Engine, healthy: Settings, code: int, word: str
) -> None:
    http.post(f"{API}/cgi-bin/stable_token", json={"errcode": code})

    assert word in bad(look(healthy, engine))


def test_another_menu_is_found(
    http: responses.RequestsMock, engine: Engine, healthy: Settings
) -> None:
    serve_api(http, button=[{"type": "click", "name": "x", "key": "y"}])

    assert "menu missing or different" in bad(look(healthy, engine))


@pytest.mark.parametrize(("minutes", "level"), [(2, "warn"), (30, "fail")])
def test_a_wrong_clock_is_found(
    http: responses.RequestsMock, engine: Engine, healthy: Settings, minutes: int, level: str
) -> None:
    serve_api(http, date=NOW - timedelta(minutes=minutes))

    assert f"{level} 时钟差 {minutes * 60} 秒" in bad(look(healthy, engine))


def test_messages_that_wait_or_were_given_up_are_counted(
    http: responses.RequestsMock, engine: Engine, healthy: Settings
) -> None:
    with transaction(engine) as session:
        resident_id = a_resident(session).id
        long_ago = NOW - timedelta(hours=1)
        for state in (SendState.QUEUED, SendState.GIVEN_UP, SendState.GIVEN_UP):
            [row] = outbox.enqueue(session, resident_id=resident_id, text="您好", now=long_ago)
            row.state = state

    found = bad(look(healthy, engine))

    assert "1 条消息等了 10 分钟" in found
    assert "2 条消息已停止重试" in found


def test_an_empty_database_is_a_finding_and_not_a_crash(
    http: responses.RequestsMock, healthy: Settings
) -> None:
    engine = make_engine("sqlite://")

    assert "fail 数据库" in bad(look(healthy, engine))
    engine.dispose()


def test_a_year_whose_holidays_are_not_announced_yet_is_named(
    http: responses.RequestsMock, engine: Engine, healthy: Settings
) -> None:
    findings = run_doctor(healthy, engine=engine, now=lambda: datetime(2026, 12, 5, tzinfo=UTC))

    assert "warn 2027 年的放假安排还没载入" in bad(findings)
    assert "放假安排" not in bad(look(healthy, engine))
