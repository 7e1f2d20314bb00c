"""The control API, second half: follow, scan, menu and the other events of a phone."""

from flask import Blueprint, Response, abort, jsonify

from handlers.simulator import sent, views
from handlers.simulator.control_fields import (
    json_fields,
    known_resident,
    number_field,
    push,
    push_anyway,
    text_field,
)
from handlers.simulator.here import world
from handlers.simulator.model import Ticket

events = Blueprint("events", __name__, url_prefix="/residents/<openid>")


@events.post("/follow")
def follow(openid: str) -> Response:
    """Follow the account, by search or with {"ticket"} or {"scene"} by QR code."""
    fields = json_fields()
    known_resident(openid)
    return _follow(openid, _ticket(text_field(fields, "ticket"), text_field(fields, "scene")))


@events.post("/unfollow")
def unfollow(openid: str) -> Response:
    """Leave the account: nothing can be sent to the resident any more."""
    known_resident(openid)
    world().change(openid, followed=False, windows=(), consents={}, typing_until=None)
    return push_anyway(openid, sent.event("unsubscribe"))


@events.post("/scan")
def scan(openid: str) -> Response:
    """Scan a QR code: {"ticket"} or {"scene"}; who does not follow yet follows by it."""
    fields = json_fields()
    resident = known_resident(openid)
    ticket = _ticket(text_field(fields, "ticket"), text_field(fields, "scene"))
    if ticket is None:
        abort(400, "send a ticket or a scene")
    if not resident.followed:
        return _follow(openid, ticket)
    message = sent.event("SCAN", ticket.scene, opens="action", Ticket=ticket.ticket)
    return push(openid, message)


@events.post("/click")
def click(openid: str) -> Response:
    """Tap a menu button of type click: {"key"}."""
    key = text_field(json_fields(), "key")
    return push(openid, sent.event("CLICK", key, opens="action"))


@events.post("/view")
def view(openid: str) -> Response:
    """Tap a menu button of type view: {"url"}."""
    return push(openid, sent.event("VIEW", text_field(json_fields(), "url"), MenuId="1"))


@events.post("/position")
def position(openid: str) -> Response:
    """Report where the phone is: {"latitude", "longitude"}."""
    fields = json_fields()
    place = {
        "Latitude": str(number_field(fields, "latitude", 25.04)),
        "Longitude": str(number_field(fields, "longitude", 102.71)),
        "Precision": "65.0",
    }
    return push(openid, sent.event("LOCATION", **place))


@events.post("/event")
def any_event(openid: str) -> Response:
    """Send an event of any name: {"event", "key", "fields"}."""
    fields = json_fields()
    extra = {str(name): str(value) for name, value in dict(fields.get("fields") or {}).items()}
    name = text_field(fields, "event", "debug_demo")
    return push(openid, sent.event(name, text_field(fields, "key"), **extra))


@events.post("/consent")
def consent(openid: str) -> Response:
    """Answer the question for subscription messages: {"template_id", "accept"}."""
    fields = json_fields()
    resident = known_resident(openid)
    template_id = text_field(fields, "template_id", views.CONSENT_TEMPLATE)
    accepted = fields.get("accept", True) is True
    if accepted:
        more = {template_id: resident.consents.get(template_id, 0) + 1}
        world().change(openid, consents={**resident.consents, **more})
    return push(openid, sent.subscription_choice(template_id, accepted=accepted))


@events.post("/rename")
def rename(openid: str) -> Response:
    """Give the phone's owner another {"name"}."""
    fields = json_fields()
    known_resident(openid)
    changed = world().change(openid, name=text_field(fields, "name", "居民")[:20])
    return jsonify(views.resident_json(world(), changed))


def _follow(openid: str, ticket: Ticket | None) -> Response:
    scene = ticket.scene if ticket else ""
    world().change(openid, followed=True, followed_at=world().now(), scene=scene, windows=())
    extra = {"Ticket": ticket.ticket} if ticket else {}
    key = f"qrscene_{scene}" if scene else ""
    return push_anyway(openid, sent.event("subscribe", key, opens="action", **extra))


def _ticket(ticket: str, scene: str) -> Ticket | None:
    """Return the QR code meant; one that was never made stands for a printed one."""
    with world().reading() as state:
        codes = list(state.tickets.values())
    for code in reversed(codes):
        if ticket and code.ticket == ticket:
            return code
        if scene and code.scene == scene:
            return code
    if ticket and not scene:
        abort(404, "no such ticket")
    return Ticket("gQprinted", scene, "", None) if scene else None
