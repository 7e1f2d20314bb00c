"""The service's own envelope and client against this platform, over real HTTP."""

from collections.abc import Iterator

import pytest
from flask import Response, request
from sqlalchemy import Engine

from bot.errors import BadPushError, RefusedError, SendLaterError
from bot.settings import Simulator, WeChat
from bot.wechat.client import WeChatApi, make_wechat_api
from bot.wechat.envelope import Envelope, text_reply
from handlers.simulator.media import small_picture, small_video
from tests.handlers.simulator.conftest import Driver, Ticking
from tests.handlers.simulator.stub import Stub
from tests.serving import serving


@pytest.fixture
def api(driver: Driver, ticking: Ticking, engine: Engine) -> Iterator[WeChatApi]:
    parts = driver.app.extensions["simulator"]
    with serving(driver.app) as port:
        settings = parts.settings.model_copy(update={"simulator": Simulator(port=port)})
        yield make_wechat_api(settings, engine=engine, clock=ticking)


@pytest.fixture
def echo(stub: Stub, driver: Driver, ticking: Ticking) -> list[str]:
    """A callback that opens with the service's envelope and answers what it read."""
    wechat: WeChat = driver.app.extensions["simulator"].settings.wechat
    envelope, refused = Envelope(wechat), list[str]()

    def answer(message: dict[str, str]) -> Response:
        try:
            opened = envelope.open(request.args, request.get_data(), now=ticking())
        except BadPushError as error:
            refused.append(str(error))
            return Response("success")
        said = f"{opened.push.kind} {opened.push.text}"
        return Response(
            envelope.seal(text_reply(opened.push, said, now=ticking()), opened, now=ticking())
        )

    stub.answer = answer
    return refused


@pytest.mark.usefixtures("echo")
@pytest.mark.parametrize(
    ("what", "fields", "said"),
    [
        ("text", {"text": "a]]><b>&\n云"}, "text a]]><b>&\n云"),
        ("voice", {"text": "娃娃读书"}, "voice 娃娃读书"),
        ("voice", {"text": None}, "voice "),
        ("image", {}, "image "),
        ("video", {}, "video "),
        ("location", {"label": "镇雄"}, "location "),
        ("link", {"title": "公租房", "url": "https://example.org/?a=1&b=2"}, "link 公租房"),
        ("file", {}, "unknown.file "),
        ("file", {"kind": "unsupported"}, "unknown.unsupported"),
        ("click", {"key": "human"}, "event.click "),
        ("follow", {"scene": "v7"}, "event.subscribe "),
        ("scan", {"scene": "v7"}, "event.scan "),
    ],
)
def test_the_service_reads_what_a_phone_does(
    driver: Driver, what: str, fields: dict[str, object], said: str
) -> None:
    outcome = driver.act(what, **fields)

    assert outcome["error"] == ""
    assert str(outcome["reply_text"]).startswith(said)


@pytest.mark.parametrize(
    ("kind", "refusal"),
    [
        ("push_plaintext", "not_encrypted"),
        ("push_bad_signature", "forged"),
        ("push_stale", "stale"),
    ],
)
def test_the_service_refuses_what_the_platform_would_not_send(
    driver: Driver, stub: Stub, echo: list[str], kind: str, refusal: str
) -> None:
    stub.opens = False
    driver.fault(kind, count=1)

    driver.act("text", text="你好")

    assert echo == [refusal]


def test_the_service_sends_and_learns_of_the_quota(driver: Driver, api: WeChatApi) -> None:
    driver.act("text", text="你好")

    for number in range(5):
        api.send_text(driver.openid, f"第{number}条", by_machine=number == 0)
    with pytest.raises(SendLaterError) as refused:
        api.send_text(driver.openid, "第六条", by_machine=False)

    assert refused.value.code == 45047
    first, second = driver.chat()[1:3]
    assert (first["text"], first["ai"], second["ai"]) == ("第0条", True, False)


def test_the_service_renews_an_expired_token(driver: Driver, api: WeChatApi) -> None:
    driver.act("text", text="你好")
    api.send_text(driver.openid, "一", by_machine=False)
    driver.fault("token_expired", count=1)

    api.send_text(driver.openid, "二", by_machine=False)

    assert [bubble["text"] for bubble in driver.chat()] == ["你好", "一", "二"]


def test_the_service_fetches_files_for_three_days(
    driver: Driver, stub: Stub, api: WeChatApi
) -> None:
    driver.act("image")
    driver.act("video")
    photo, film = (message["MediaId"] for message in stub.got)

    assert api.download_media(photo).content == small_picture()
    assert api.download_media(film).content == small_video()
    driver.sim("clock", hours=73)
    with pytest.raises(RefusedError, match="gone"):
        api.download_media(photo)


def test_the_service_makes_menu_and_code(driver: Driver, api: WeChatApi) -> None:
    api.create_menu({"button": [{"type": "click", "name": "找社工", "key": "human"}]})

    assert api.get_menu()["button"][0]["name"] == "找社工"
    assert api.create_qr("village-7").startswith("http://weixin.qq.com/q/")
    assert driver.look("feed")["tickets"][0]["scene"] == "village-7"
