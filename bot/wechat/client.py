"""WeChat's API, seen from here: messages to residents, their files, the menu."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

from sqlalchemy import Engine

from bot.clock import Clock
from bot.errors import RefusedError, SendLaterError, SendRefusedError
from bot.settings import Settings
from bot.wechat.outcomes import STALE_TOKEN, NoCode, failed
from bot.wechat.text import strip_controls
from bot.wechat.token import TokenSource, make_token_source
from bot.wechat.wire import Answer, Wire, read_object

MOST_MEDIA_BYTES = 10 * 1024 * 1024
OPENID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SCENE = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NO_MENU = 46003
_NOT_TYPING_NOW = {45080, 45081}  # no talk in the last 30 s; already shown
_GONE = {40004, 40007, 40008, 41006}
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file of a resident; the type is what WeChat says and not to be believed."""

    content: bytes = field(repr=False)
    content_type: str


class WeChatApi:
    """
    Calls WeChat with a shared token; a refused token is renewed and the call repeated, once.

    Every failure is a SendRefusedError or a SendLaterError with an outcome of
    bot/wechat/outcomes.py.  Nothing else is retried here: the outbox does that.
    """

    def __init__(self, settings: Settings, tokens: TokenSource, *, wire: Wire) -> None:
        self._wire = wire
        self._tokens = tokens
        self._base_host = urlsplit(settings.api_base).hostname
        self._notices = settings.notices

    def send_text(self, openid: str, text: str, *, by_machine: bool) -> None:
        """
        Send a customer-service message; returning means that WeChat accepted it.

        Args:
            openid: who gets it.
            text: at most `wechat.text_bytes` long.
            by_machine: no person wrote it, so WeChat marks it as made by AI.

        Raises:
            SendRefusedError: WeChat will never take this one.
            SendLaterError: not now.
        """
        if not OPENID.fullmatch(openid):
            raise SendRefusedError(None, "bad_openid")
        payload: dict[str, Any] = {
            "touser": openid,
            "msgtype": "text",
            "text": {"content": strip_controls(text)},
        }
        if by_machine:
            payload["aimsgcontext"] = {"is_ai_msg": 1}
        self.call("/cgi-bin/message/custom/send", payload=payload)

    def send_file(self, openid: str, kind: str, content: bytes, *, content_type: str) -> None:
        """
        Send a picture (`image`), a `voice` or a `video`; it counts like a text.

        WeChat forgets what is uploaded after three days, so each try uploads anew.

        Raises:
            SendRefusedError: WeChat will never take this file.
            SendLaterError: not now.
        """
        if not OPENID.fullmatch(openid):
            raise SendRefusedError(None, "bad_openid")
        media_id = self._upload(kind, content, content_type)
        payload = {"touser": openid, "msgtype": kind, kind: {"media_id": media_id}}
        self.call("/cgi-bin/message/custom/send", payload=payload)

    def send_notice(self, openid: str, text: str, *, once: str) -> str:
        """
        Say on the lock screen that there is something to read; return WeChat's id of it.

        It needs no open window.  The same *once* reaches a phone once in ten minutes.

        Raises:
            SendRefusedError: no template, no consent, or the resident has left.
            SendLaterError: not now.
        """
        if not self._notices.template_id:
            raise SendRefusedError(None, "bad_template")
        payload: dict[str, Any] = {
            "touser": openid,
            "template_id": self._notices.template_id,
            "data": {self._notices.field: {"value": strip_controls(text)}},
        }
        if self._notices.kind == "subscription":
            self.call("/cgi-bin/message/subscribe/bizsend", payload=payload)
            return ""
        payload["client_msg_id"] = once
        answer = self.call("/cgi-bin/message/template/send", payload=payload)
        return str(answer.get("msgid", ""))

    def typing(self, openid: str) -> None:
        """Show “正在输入” for up to 15 seconds, where WeChat lets us."""
        payload = {"touser": openid, "command": "Typing"}
        try:
            self.call("/cgi-bin/message/custom/typing", payload=payload)
        except SendLaterError as error:
            if error.code not in _NOT_TYPING_NOW:
                raise

    def download_media(self, media_id: str) -> MediaFile:
        """
        Return a file that a resident sent within the last three days.

        Raises:
            RefusedError: gone, or larger than 10 MB.
            SendLaterError: not now.
        """
        answer = self._with_token(lambda token: self._media(token, media_id))
        if len(answer.content) > MOST_MEDIA_BYTES:
            msg = "too_large"
            raise RefusedError(msg)
        return MediaFile(answer.content, answer.content_type)

    def create_menu(self, menu: Mapping[str, Any]) -> None:
        """Replace the menu that every resident sees; phones take it up within minutes."""
        self.call("/cgi-bin/menu/create", payload=menu)

    def get_menu(self) -> dict[str, Any]:
        """Return the menu in force; empty where there is none."""
        try:
            found = self.call("/cgi-bin/menu/get").get("menu")
        except SendLaterError as error:
            if error.code == _NO_MENU:
                return {}
            raise
        return found if isinstance(found, dict) else {}

    def callback_ips(self) -> list[str]:
        """Return the addresses WeChat calls us from."""
        found = self.call("/cgi-bin/getcallbackip").get("ip_list")
        return [str(ip) for ip in found] if isinstance(found, list) else []

    def create_qr(self, scene: str) -> str:
        """
        Return what a permanent QR code has to hold, to be drawn by us.

        Anybody can read and forward the *scene*: it names a place, never a person.
        """
        if not _SCENE.fullmatch(scene):
            msg = "scene"
            raise RefusedError(msg)
        action = {"scene": {"scene_str": scene}}
        payload = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": action}
        url = self.call("/cgi-bin/qrcode/create", payload=payload).get("url")
        if not isinstance(url, str) or not url:
            raise failed(NoCode.UNREADABLE)
        return url

    def call(self, path: str, *, payload: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return what WeChat answers to a call of any other part of its API."""
        return self._with_token(
            lambda token: self._wire.call(path, params={"access_token": token}, payload=payload)
        )

    def _upload(self, kind: str, content: bytes, content_type: str) -> str:
        answer = self._with_token(
            lambda token: self._wire.upload(
                "/cgi-bin/media/upload",
                params={"access_token": token, "type": kind},
                content=content,
                content_type=content_type,
            )
        )
        media_id = answer.get("media_id")
        if not isinstance(media_id, str) or not media_id:
            raise failed(NoCode.UNREADABLE)
        return media_id

    def _with_token(self, call: Callable[[str], _T]) -> _T:
        token = self._tokens.get()
        try:
            return call(token)
        except SendLaterError as error:
            if error.code not in STALE_TOKEN:
                raise
        self._tokens.drop(token)
        return call(self._tokens.get())

    def _media(self, token: str, media_id: str) -> Answer:
        params = {"access_token": token, "media_id": media_id}
        answer = self._wire.fetch("/cgi-bin/media/get", params=params, most_bytes=MOST_MEDIA_BYTES)
        if not answer.content[:64].lstrip().startswith(b"{"):
            return answer
        try:
            url = str(read_object(answer.content).get("video_url", ""))
        except (SendRefusedError, SendLaterError) as error:
            if error.code not in _GONE:
                raise
            msg = "gone"
            raise RefusedError(msg) from None
        return self._wire.fetch(self._trusted(url), most_bytes=MOST_MEDIA_BYTES)

    def _trusted(self, url: str) -> str:
        """Videos lie elsewhere; that must be WeChat's own place and not one inside our network."""
        host = urlsplit(url).hostname or ""
        if host.endswith(".qq.com") or host == self._base_host:
            return url
        msg = "foreign_address"
        raise RefusedError(msg)


def make_wechat_api(settings: Settings, *, engine: Engine, clock: Clock) -> WeChatApi:
    """Return the client of this installation, its token shared with the other processes."""
    wire = Wire(
        settings.api_base,
        connect_seconds=settings.wechat.connect_timeout_seconds,
        read_seconds=settings.wechat.read_timeout_seconds,
    )
    tokens = make_token_source(settings, engine=engine, wire=wire, clock=clock)
    return WeChatApi(settings, tokens, wire=wire)
