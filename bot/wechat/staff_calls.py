"""What WeChat's API does for staff: the code they bind themselves by, and their notices."""

from collections.abc import Mapping

from bot.errors import SendRefusedError
from bot.wechat.client import OPENID, WeChatApi
from bot.wechat.outcomes import NoCode, failed
from bot.wechat.text import strip_controls


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
