"""Calling WeChat's API."""

import json
import logging
import traceback
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import responses
from sqlalchemy import Engine

from bot.errors import RefusedError, SendLaterError, SendRefusedError
from bot.settings import Settings
from bot.wechat.client import MOST_MEDIA_BYTES, WeChatApi, make_wechat_api
from tests.bot.wechat import platform
from tests.conftest import NOW

BASE = "https://api.test"
TOKEN_URL = f"{BASE}/cgi-bin/stable_token"
SEND = f"{BASE}/cgi-bin/message/custom/send"
MEDIA = f"{BASE}/cgi-bin/media/get"
GIVEN = "the-access-token-of-the-test"
SECRETS = (platform.SECRET, GIVEN, platform.TOKEN, platform.KEY)


@pytest.fixture
def http() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.post(TOKEN_URL, json={"access_token": GIVEN, "expires_in": 7200})
        yield mock


@pytest.fixture
def api(engine: Engine, settings: Settings) -> WeChatApi:
    ours = settings.model_copy(update={"wechat": platform.settings(api_base=BASE)})
    return make_wechat_api(ours, engine=engine, clock=lambda: NOW)


def send(api: WeChatApi, *, by_machine: bool = True) -> None:
    api.send_text("o-li", "您好", by_machine=by_machine)


def calls(http: responses.RequestsMock, url: str) -> list[Any]:
    return [call.request for call in http.calls if str(call.request.url).startswith(url)]


@pytest.mark.parametrize("by_machine", [True, False])
def test_only_what_a_machine_wrote_is_marked_as_such(
    http: responses.RequestsMock, api: WeChatApi, *, by_machine: bool
) -> None:
    http.post(SEND, json={"errcode": 0, "errmsg": "ok"})

    send(api, by_machine=by_machine)

    [request] = calls(http, SEND)
    sent = json.loads(request.body)
    assert (sent["touser"], sent["text"]) == ("o-li", {"content": "您好"})
    assert sent.get("aimsgcontext") == ({"is_ai_msg": 1} if by_machine else None)
    assert "您好".encode() in request.body


def test_the_token_is_asked_for_once_and_the_secret_is_in_the_body(
    http: responses.RequestsMock, api: WeChatApi
) -> None:
    http.post(SEND, json={"errcode": 0})

    send(api)
    send(api)

    [request] = calls(http, TOKEN_URL)
    assert platform.SECRET not in request.url
    assert json.loads(request.body)["force_refresh"] is False


def test_a_token_refused_once_is_renewed_and_the_message_sent(
    http: responses.RequestsMock, api: WeChatApi
) -> None:
    http.post(SEND, json={"errcode": 40001})
    http.post(SEND, json={"errcode": 0})

    send(api)

    assert len(calls(http, TOKEN_URL)) == 2
    assert len(calls(http, SEND)) == 2


def test_a_token_refused_for_ever_costs_four_calls(
    http: responses.RequestsMock, api: WeChatApi
) -> None:
    http.post(SEND, json={"errcode": 42001})

    with pytest.raises(SendLaterError) as caught:
        send(api)

    assert caught.value.outcome == "token"
    assert len(http.calls) == 4


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        pytest.param({"body": requests.ConnectTimeout(GIVEN)}, "network", id="no-way-there"),
        pytest.param({"body": requests.ReadTimeout(GIVEN)}, "timeout", id="no-answer"),
        pytest.param({"body": requests.ConnectionError(GIVEN)}, "timeout", id="broken-off"),
        pytest.param({"body": "<html>登录</html>"}, "unreadable", id="html"),
        pytest.param({"body": "[1]"}, "unreadable", id="a-list"),
        pytest.param({"body": b"\xff"}, "unreadable", id="not-utf-8"),
        pytest.param({"json": {"errcode": "many"}}, "unreadable", id="code-in-words"),
        pytest.param({"status": 502}, "http_error", id="bad-gateway"),
        pytest.param({"status": 404}, "http_error", id="not-found"),
        pytest.param(
            {"status": 302, "headers": {"Location": "http://login.test"}}, "redirected", id="302"
        ),
        pytest.param({"json": {"errcode": -1}}, "busy", id="busy"),
        pytest.param({"json": {"errcode": 45009}}, "daily_limit", id="daily-limit"),
        pytest.param({"json": {"errcode": 45015}}, "no_window", id="no-window"),
    ],
)
def test_whatever_goes_wrong_is_one_kind_of_error(
    http: responses.RequestsMock, api: WeChatApi, answer: dict[str, Any], outcome: str
) -> None:
    http.post(SEND, **answer)

    with pytest.raises(SendLaterError) as caught:
        send(api)

    assert caught.value.outcome == outcome
    shown = "".join(traceback.format_exception(caught.value))
    assert not any(secret in shown for secret in SECRETS)


@pytest.mark.parametrize(("code", "outcome"), [(70000, "minor"), (43004, "not_following")])
def test_what_wechat_will_never_take_is_refused(
    http: responses.RequestsMock, api: WeChatApi, code: int, outcome: str
) -> None:
    http.post(SEND, json={"errcode": code, "errmsg": "secret words"})

    with pytest.raises(SendRefusedError) as caught:
        send(api)

    assert str(caught.value) == f"{outcome} ({code})"


def test_an_odd_openid_is_not_sent_anywhere(http: responses.RequestsMock, api: WeChatApi) -> None:
    with pytest.raises(SendRefusedError):
        api.send_text("o-li\n", "您好", by_machine=True)

    assert not http.calls


def test_a_wrong_app_secret_keeps_the_message_for_later(api: WeChatApi) -> None:
    with responses.RequestsMock() as http:
        http.post(TOKEN_URL, json={"errcode": 48001})
        with pytest.raises(SendLaterError) as caught:
            send(api)

    assert caught.value.outcome == "no_permission"


def test_no_log_line_shows_a_secret(
    http: responses.RequestsMock, api: WeChatApi, caplog: pytest.LogCaptureFixture
) -> None:
    http.post(SEND, json={"errcode": 40001})

    # A process quiets urllib3 (bot/logs.py), and an earlier test may have been one.
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.DEBUG, logger="urllib3"):
        with pytest.raises(SendLaterError):
            send(api)
        address = f"/send?access_token={GIVEN}&x=1"
        logging.getLogger("urllib3.connectionpool").debug('"POST %s"', address)

    assert "access_token=…&x=1" in caplog.text
    assert not any(secret in caplog.text for secret in SECRETS)


def test_showing_that_somebody_types_is_not_worth_an_error(
    http: responses.RequestsMock, api: WeChatApi
) -> None:
    http.post(f"{BASE}/cgi-bin/message/custom/typing", json={"errcode": 45081})

    api.typing("o-li")


def test_a_picture_is_fetched(http: responses.RequestsMock, api: WeChatApi) -> None:
    http.get(MEDIA, body=b"\xff\xd8\xff", content_type="image/jpeg")

    file = api.download_media("m-1")

    assert (file.content, file.content_type) == (b"\xff\xd8\xff", "image/jpeg")


def test_a_video_is_fetched_from_wechats_own_place_only(
    http: responses.RequestsMock, api: WeChatApi
) -> None:
    http.get(MEDIA, json={"video_url": "https://mp.video.qq.com/v"})
    http.get(MEDIA, json={"video_url": "https://10.0.0.1/qq.com"})
    http.get("https://mp.video.qq.com/v", body=b"....ftyp")

    assert api.download_media("m-1").content == b"....ftyp"
    with pytest.raises(RefusedError, match="foreign_address"):
        api.download_media("m-1")


def test_a_file_too_large_or_gone_is_refused(http: responses.RequestsMock, api: WeChatApi) -> None:
    http.get(MEDIA, body=b"x" * (MOST_MEDIA_BYTES + 1))
    http.get(MEDIA, json={"errcode": 40007})

    with pytest.raises(RefusedError, match="too_large"):
        api.download_media("m-1")
    with pytest.raises(RefusedError, match="gone"):
        api.download_media("m-1")


def test_no_menu_is_an_empty_menu(http: responses.RequestsMock, api: WeChatApi) -> None:
    http.get(f"{BASE}/cgi-bin/menu/get", json={"errcode": 46003})

    assert api.get_menu() == {}


def test_a_code_on_a_poster_leads_to_its_place(
    http: responses.RequestsMock, api: WeChatApi
) -> None:
    http.post(f"{BASE}/cgi-bin/qrcode/create", json={"url": "http://weixin.qq.com/q/1"})

    assert api.create_qr("park-7") == "http://weixin.qq.com/q/1"
    with pytest.raises(RefusedError):
        api.create_qr("李四")


def test_wechats_own_addresses_are_listed(http: responses.RequestsMock, api: WeChatApi) -> None:
    http.get(f"{BASE}/cgi-bin/getcallbackip", json={"ip_list": ["101.1.1.1"]})

    assert api.callback_ips() == ["101.1.1.1"]


def test_a_real_refusal_to_connect_is_told_from_a_lost_answer(
    engine: Engine, settings: Settings
) -> None:
    nobody = platform.settings(api_base="http://127.0.0.1:9")
    ours = settings.model_copy(update={"wechat": nobody})

    with pytest.raises(SendLaterError) as caught:
        send(make_wechat_api(ours, engine=engine, clock=lambda: NOW))

    assert caught.value.outcome == "network"
