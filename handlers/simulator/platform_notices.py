"""The API side: template messages and subscription messages, which need no open window."""

from datetime import datetime, timedelta

from flask import Blueprint, Response, g, request

from handlers.simulator import sent
from handlers.simulator.answers import PlatformError, body, done, part, string
from handlers.simulator.here import following, simulator, world
from handlers.simulator.model import Json, Resident

notices = Blueprint("notices", __name__)
SAME_FOR = timedelta(minutes=10)
LIMITS = {"thing": 20, "character_string": 32, "phrase": 5}
LABELS = {
    "thing": "事项",
    "time": "时间",
    "date": "日期",
    "character_string": "编号",
    "phrase": "状态",
    "name": "姓名",
    "phone_number": "电话",
    "number": "数量",
    "const": "类型",
}


@notices.post("/message/template/send")
def template() -> Response:
    """Put a notice card into the chat, once in ten minutes for one client_msg_id."""
    fields = body()
    resident, rows = _checked(fields)
    number = world().next_msg_id()
    if _already_sent(resident.openid, string(fields, "client_msg_id"), world().now()):
        return done(msgid=number)
    blocked = simulator().faults.take("template_block", request.path) is not None
    if not blocked:
        _card(resident, fields, rows, "template")
    finished = {"MsgID": str(number), "Status": "failed:user block" if blocked else "success"}
    _tell(resident, sent.event("TEMPLATESENDJOBFINISH", **finished))
    return done(msgid=number)


@notices.post("/message/subscribe/bizsend")
def subscription() -> Response:
    """Put a subscription message into the chat, for one consent of the resident."""
    fields = body()
    resident, rows = _checked(fields)
    template_id = string(fields, "template_id")
    with world().changing():
        fresh = world().find(resident.openid) or resident
        allowed = fresh.consents.get(template_id, 0)
        if allowed < 1:
            raise PlatformError(43101)
        world().change(resident.openid, consents={**fresh.consents, template_id: allowed - 1})
    _card(resident, fields, rows, "subscription")
    _tell(resident, sent.subscription_sent(template_id, str(world().next_msg_id())))
    return done()


def _checked(fields: Json) -> tuple[Resident, list[Json]]:
    openid = string(fields, "touser")
    if world().find(openid) is None:
        raise PlatformError(40003)
    resident = following(openid)
    if resident is None:
        raise PlatformError(43004)
    if not string(fields, "template_id"):
        raise PlatformError(40037)
    return resident, [_row(key, part(fields, "data")) for key in part(fields, "data")]


def _row(key: str, data: Json) -> Json:
    value = string(part(data, key), "value")
    kind = key.rstrip("0123456789").removesuffix(".DATA")
    if not value or len(value) > LIMITS.get(kind, 200):
        raise PlatformError(47003)
    return {"label": LABELS.get(kind, key), "value": value}


def _already_sent(openid: str, client_msg_id: str, now: datetime) -> bool:
    if not client_msg_id:
        return False
    with world().changing() as state:
        state.sent_ids = {k: at for k, at in state.sent_ids.items() if at > now - SAME_FOR}
        key = f"{openid} {client_msg_id}"
        known = key in state.sent_ids
        state.sent_ids.setdefault(key, now)
        return known


def _card(resident: Resident, fields: Json, rows: list[Json], source: str) -> None:
    g.call_id = world().next_id()
    details = {
        "rows": rows,
        "url": string(fields, "url") or string(fields, "page"),
        "source": source,
        "template_id": string(fields, "template_id"),
    }
    world().say(
        resident.openid, "account", "notice", "服务通知", exchange=g.call_id, details=details
    )


def _tell(resident: Resident, event: sent.Sent) -> None:
    simulator().pusher.push(resident.openid, event, wait=False)
