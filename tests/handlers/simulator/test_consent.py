"""The page on which the platform asks who opens a link."""

from urllib.parse import parse_qs, urlsplit

import pytest

from bot.errors import RefusedError
from bot.settings import Simulator
from bot.wechat.staff_calls import openid_of
from tests.handlers.simulator.conftest import Driver, Ticking
from tests.handlers.simulator.stub import APP_ID, APP_SECRET, Stub
from tests.serving import serving

STATE = "a" * 40
ASKED = {"appid": APP_ID, "redirect_uri": "https://example.org/staff/bind", "state": STATE}


def code_of(driver: Driver) -> str:
    """Open the link on the driver's phone; return the code the service gets."""
    page = driver.client.get("/connect/oauth2/authorize", query_string=ASKED).text
    assert "小李" in page
    query = {**ASKED, "openid": driver.openid}
    where = driver.client.get("/connect/oauth2/allow", query_string=query).headers["Location"]
    assert where.startswith("https://example.org/staff/bind?")
    found = parse_qs(urlsplit(where).query)
    assert found["state"] == [STATE]
    return found["code"][0]


def ask(driver: Driver, code: str, secret: str = APP_SECRET) -> dict[str, object]:
    query = {"appid": APP_ID, "secret": secret, "code": code, "grant_type": "authorization_code"}
    answer: dict[str, object] = driver.client.get(
        "/sns/oauth2/access_token", query_string=query
    ).get_json()
    return answer


def test_a_code_tells_once_who_it_was(driver: Driver) -> None:
    code = code_of(driver)

    assert ask(driver, code, "wrong")["errcode"] == 40125
    assert ask(driver, code)["openid"] == driver.openid
    assert ask(driver, code)["errcode"] == 40029


def test_a_code_is_good_for_five_minutes(driver: Driver) -> None:
    code = code_of(driver)
    driver.sim("clock", minutes=5)

    assert ask(driver, code)["errcode"] == 40029


@pytest.mark.parametrize(
    "changes", [{"appid": "wx0"}, {"state": "a-b"}, {"state": ""}, {"redirect_uri": "ftp://x"}]
)
def test_a_wrong_link_is_refused(driver: Driver, changes: dict[str, str]) -> None:
    answer = driver.client.get("/connect/oauth2/authorize", query_string=ASKED | changes)

    assert answer.status_code == 400


def test_the_service_learns_who_it_was(driver: Driver, ticking: Ticking) -> None:
    settings = driver.app.extensions["simulator"].settings
    code = code_of(driver)
    with serving(driver.app) as port:
        ours = settings.model_copy(update={"simulator": Simulator(port=port)})

        assert openid_of(ours, code) == driver.openid
        with pytest.raises(RefusedError):
            openid_of(ours, code)


def test_a_blocked_notice_is_told_and_not_shown(driver: Driver, stub: Stub) -> None:
    driver.fault("template_block", count=1)
    body = f'{{"touser":"{driver.openid}","template_id":"t","data":{{"thing1":{{"value":"x"}}}}}}'

    assert driver.call("message/template/send", body).get_json()["errcode"] == 0

    assert driver.chat() == []
