"""What WeChat's API does for staff: the code they bind themselves by, and their notices."""

from collections.abc import Mapping

from bot.errors import RefusedError, SendLaterError, SendRefusedError
from bot.settings import Settings
from bot.wechat.client import OPENID, WeChatApi
from bot.wechat.outcomes import NoCode, failed
from bot.wechat.text import strip_controls
from bot.wechat.wire import Wire

_NO_CODE = frozenset({40029, 40163})  # made up; used before


def create_passing_qr(api: WeChatApi, scene: str, *, seconds: int) -> str:
    """Return what a QR code that lives for *seconds* has to hold; its *scene* may be a secret."""
    payload = {
        "action_name": "QR_STR_SCENE",
        "expire_seconds": seconds,
        "action_info": {"scene": {"scene_str": scene}},
    }
    url = api.call("/cgi-bin/qrcode/create", payload=payload).get("url")
    if not isinstance(url, str) or not url:
        raise failed(NoCode.UNREADABLE)
    return url


def send_template(
    api: WeChatApi,
    openid: str,
    *,
    template_id: str,
    fields: Mapping[str, str],
    url: str = "",
    once: str,
) -> str:
    """
    Send a service notice; return the number by which WeChat reports on it later.

    The same *once* reaches the same person once in ten minutes.

    Raises:
        SendRefusedError: WeChat will never take this one.
        SendLaterError: not now.
    """
    if not OPENID.fullmatch(openid):
        raise SendRefusedError(None, "bad_openid")
    payload = {
        "touser": openid,
        "template_id": template_id,
        "url": url,
        "client_msg_id": once,
        "data": {name: {"value": strip_controls(value)} for name, value in fields.items()},
    }
    return str(api.call("/cgi-bin/message/template/send", payload=payload).get("msgid", ""))


def openid_of(settings: Settings, code: str) -> str:
    """
    Return who opened our consent page, for a *code* that is good once.

    Raises:
        RefusedError: the code is used or made up, or the person only looks at a snapshot.
        SendLaterError: not now.
    """
    wechat = settings.wechat
    wire = Wire(
        settings.api_base,
        connect_seconds=wechat.connect_timeout_seconds,
        read_seconds=wechat.read_timeout_seconds,
    )
    asked = {
        "appid": wechat.app_id,
        "secret": wechat.app_secret.get_secret_value(),
        "code": code,
        "grant_type": "authorization_code",
    }
    try:
        answer = wire.call("/sns/oauth2/access_token", params=asked)
    except SendLaterError as error:
        if error.code in _NO_CODE:
            msg = "code"
            raise RefusedError(msg) from None
        raise
    openid = answer.get("openid")
    # WeChat gives whoever has not agreed yet a made-up account to look around with.
    if (
        answer.get("is_snapshotuser")
        or not isinstance(openid, str)
        or not OPENID.fullmatch(openid)
    ):
        msg = "openid"
        raise RefusedError(msg)
    return openid
