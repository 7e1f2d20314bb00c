"""A callback to push to: a real server whose next answers a test decides."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import xmltodict
from flask import Flask, Response, request
from wechatpy.crypto import WeChatCrypto

from tests.serving import serving

TOKEN = "token-of-tests"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
APP_ID = "wx0123456789abcdef"
APP_SECRET = "secret-of-tests"
ACCOUNT = "gh_yunqiao_demo"
Answering = Callable[[dict[str, str]], Response]


@dataclass
class Stub:
    """Decrypts with wechatpy what it gets, and answers as told."""

    url: str = ""
    got: list[dict[str, str]] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)
    queries: list[dict[str, str]] = field(default_factory=list)
    answer: Answering = field(default=lambda message: Response("success"))
    opens: bool = True

    def handle(self) -> Response:
        self.raw.append(request.get_data(as_text=True))
        self.queries.append(request.args.to_dict())
        message = self._open() if self.opens and "msg_signature" in request.args else {}
        self.got.append(message)
        return self.answer(message)

    def _open(self) -> dict[str, str]:
        asked = request.args
        xml = crypto().decrypt_message(
            request.get_data(), asked["msg_signature"], asked["timestamp"], asked["nonce"]
        )
        parsed: dict[str, str] = xmltodict.parse(xml)["xml"]
        return parsed


def crypto() -> WeChatCrypto:
    return WeChatCrypto(TOKEN, AES_KEY, APP_ID)


def sealed(xml: str) -> Response:
    """The reply as a service makes it with wechatpy."""
    return Response(crypto().encrypt_message(xml, "12345", "1772442000"), mimetype="text/xml")


def text_reply(message: dict[str, str], text: str) -> Response:
    return sealed(
        f"<xml><ToUserName>{message['FromUserName']}</ToUserName>"
        f"<FromUserName>{message['ToUserName']}</FromUserName><CreateTime>1772442000</CreateTime>"
        f"<MsgType>text</MsgType><Content><![CDATA[{text}]]></Content></xml>"
    )


def slowly(seconds: float, then: Answering) -> Answering:
    def answer(message: dict[str, str]) -> Response:
        time.sleep(seconds)
        return then(message)

    return answer


@contextmanager
def running(stub: Stub) -> Iterator[Stub]:
    """Serve *stub* on a free port."""
    app = Flask("stub")
    app.add_url_rule("/wechat", view_func=stub.handle, methods=["GET", "POST"])
    with serving(app) as port:
        stub.url = f"http://127.0.0.1:{port}/wechat"
        yield stub
