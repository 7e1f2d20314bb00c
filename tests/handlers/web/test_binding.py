"""Binding from inside WeChat: the consent page leads here, and here stands the number."""

from collections.abc import Iterator

import pytest
import responses
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from bot.db.engine import reading, transaction
from bot.notices import binding
from bot.notices.tables import BindingOffer
from bot.people.tables import Staff
from bot.settings import Settings, Web
from handlers.web.app import make_app
from tests.bot.chat import a_line
from tests.bot.wechat import platform
from tests.conftest import NOW
from tests.fakes import FakeNlu, SetClock

BASE = "https://api.test"
TOKEN = f"{BASE}/sns/oauth2/access_token"


@pytest.fixture
def ours(settings: Settings) -> Settings:
    wechat = platform.settings(api_base=BASE)
    web = Web(public_url="https://yunqiao.example.org/")
    return settings.model_copy(update={"wechat": wechat, "web": web})


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def client(stocked_engine: Engine, ours: Settings, clock: SetClock) -> FlaskClient:
    return make_app(ours, a_line(stocked_engine, ours, FakeNlu(), clock)).test_client()


@pytest.fixture
def state(client: FlaskClient, stocked_engine: Engine) -> str:
    with transaction(stocked_engine) as session:
        person = session.scalars(select(Staff)).one()
        scene = binding.offer(session, person.id, now=NOW).scene
    return str(scene).removeprefix(binding.PREFIX)


@pytest.fixture
def http() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def made(engine: Engine) -> BindingOffer:
    with reading(engine) as session:
        return session.scalars(select(BindingOffer)).one()


def test_who_agreed_gets_the_number(
    client: FlaskClient, stocked_engine: Engine, http: responses.RequestsMock, state: str
) -> None:
    http.get(TOKEN, json={"openid": "o-wang", "access_token": "x"})

    page = client.get(f"/staff/bind?code=c0de&state={state}")

    assert page.status_code == 200
    assert made(stocked_engine).openid == "o-wang"
    assert made(stocked_engine).number in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert http.calls[0].request.params["code"] == "c0de"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ({"errcode": 40029}, 400),
        ({"errcode": 40163}, 400),
        ({"openid": "o-wang", "is_snapshotuser": 1}, 400),
        ({"openid": "<script>"}, 400),
        ({}, 400),
        ({"errcode": -1}, 503),
    ],
)
def test_who_is_not_known_binds_nothing(
    client: FlaskClient, stocked_engine: Engine, http: responses.RequestsMock, state: str,
    answer: dict[str, object], status: int,
) -> None:  # fmt: skip
    http.get(TOKEN, json=answer)

    assert client.get(f"/staff/bind?code=c0de&state={state}").status_code == status
    assert made(stocked_engine).openid == ""


@pytest.mark.parametrize("query", ["", "code=c&state=short", f"code=c&state={'0' * 40}", "code="])
def test_a_guess_costs_no_call(
    client: FlaskClient, http: responses.RequestsMock, state: str, query: str
) -> None:
    assert client.get(f"/staff/bind?{query}").status_code == 404
    assert len(http.calls) == 0


def test_after_ten_minutes_it_is_over(client: FlaskClient, clock: SetClock, state: str) -> None:
    clock.move(minutes=10)

    assert client.get(f"/staff/bind?code=c0de&state={state}").status_code == 404


def test_the_link_holds_what_wechat_wants(stocked_engine: Engine, ours: Settings) -> None:
    with transaction(stocked_engine) as session:
        person = Staff(login="p", name="王芳", password_hash="!", created_at=NOW)
        session.add(person)
        session.flush()
        offer = binding.offer(session, person.id, now=NOW)

        link = binding.consent_page(offer, ours)

    assert link.startswith(f"{BASE}/connect/oauth2/authorize?appid={platform.APP_ID}")
    assert "redirect_uri=https%3A%2F%2Fyunqiao.example.org%2Fstaff%2Fbind" in link
    assert link.endswith("#wechat_redirect")
