"""Sending files and notices by WeChat's API."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import responses
from sqlalchemy import Engine

from bot.errors import SendRefusedError
from bot.settings import Settings
from bot.wechat.client import WeChatApi, make_wechat_api
from tests.bot.wechat import platform
from tests.conftest import NOW

BASE = "https://api.test"
UPLOAD = f"{BASE}/cgi-bin/media/upload"
SEND = f"{BASE}/cgi-bin/message/custom/send"
TEMPLATE = f"{BASE}/cgi-bin/message/template/send"
SUBSCRIPTION = f"{BASE}/cgi-bin/message/subscribe/bizsend"
SENTENCE = "您有一条新答复，请点开回复任意字查看"


@pytest.fixture
def http() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        token = {"access_token": "given", "expires_in": 7200}
        mock.post(f"{BASE}/cgi-bin/stable_token", json=token)
        yield mock


def an_api(engine: Engine, settings: Settings, **notices: str) -> WeChatApi:
    wechat = platform.settings(api_base=BASE, notices=notices)
    ours = settings.model_copy(update={"wechat": wechat})
    return make_wechat_api(ours, engine=engine, clock=lambda: NOW)


def asked(http: responses.RequestsMock, url: str) -> Any:
    [call] = [call.request for call in http.calls if str(call.request.url).startswith(url)]
    return json.loads(call.body or "") if str(call.body)[2:3] == "{" else call


def test_a_picture_is_uploaded_and_then_sent(
    http: responses.RequestsMock, engine: Engine, settings: Settings
) -> None:
    http.post(UPLOAD, json={"type": "image", "media_id": "m-1"})
    http.post(SEND, json={"errcode": 0})

    an_api(engine, settings).send_file("o-li", "image", b"bytes", content_type="image/jpeg")

    upload = asked(http, UPLOAD)
    assert "type=image" in upload.url
    assert b'name="media"; filename="file.jpeg"' in upload.body
    assert b"bytes" in upload.body
    assert asked(http, SEND) == {
        "touser": "o-li", "msgtype": "image", "image": {"media_id": "m-1"},
    }  # fmt: skip


def test_a_file_wechat_does_not_take_is_refused(
    http: responses.RequestsMock, engine: Engine, settings: Settings
) -> None:
    http.post(UPLOAD, json={"errcode": 40005, "errmsg": "invalid file type"})

    with pytest.raises(SendRefusedError) as caught:
        an_api(engine, settings).send_file("o-li", "image", b"x", content_type="image/jpeg")

    assert caught.value.outcome == "bad_file"


def test_a_template_message_carries_the_sentence_and_a_key(
    http: responses.RequestsMock, engine: Engine, settings: Settings
) -> None:
    http.post(TEMPLATE, json={"errcode": 0, "msgid": 200163836})

    api = an_api(engine, settings, template_id="t-1", field="thing4")
    notice_id = api.send_notice("o-li", SENTENCE, once="notice-7")

    assert notice_id == "200163836"
    assert asked(http, TEMPLATE) == {
        "touser": "o-li",
        "template_id": "t-1",
        "client_msg_id": "notice-7",
        "data": {"thing4": {"value": SENTENCE}},
    }


def test_a_subscription_message_goes_its_own_way(
    http: responses.RequestsMock, engine: Engine, settings: Settings
) -> None:
    http.post(SUBSCRIPTION, json={"errcode": 43101, "errmsg": "user refuse to accept the msg"})
    api = an_api(engine, settings, kind="subscription", template_id="t-1")

    with pytest.raises(SendRefusedError) as caught:
        api.send_notice("o-li", SENTENCE, once="notice-7")

    assert caught.value.outcome == "no_consent"


def test_without_a_template_nothing_is_asked_of_wechat(
    http: responses.RequestsMock, engine: Engine, settings: Settings
) -> None:
    production = settings.model_copy(
        update={"service": settings.service.model_copy(update={"mode": "production"})}
    )

    with pytest.raises(SendRefusedError) as caught:
        an_api(engine, production).send_notice("o-li", SENTENCE, once="notice-7")

    assert caught.value.outcome == "bad_template"
    assert not http.calls
