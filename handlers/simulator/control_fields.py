"""Reading what a caller of the control API sent, and pushing in a resident's name."""

from typing import Any

from flask import Response, abort, jsonify, request

from handlers.simulator import views
from handlers.simulator.here import following, simulator, world
from handlers.simulator.model import Json, Resident
from handlers.simulator.sent import Sent


def json_fields() -> Json:
    """Return the JSON object of the request."""
    fields = request.get_json(silent=True)
    if not isinstance(fields, dict):
        abort(400, "send a JSON object")
    return fields


def number_field(fields: Json, name: str, otherwise: float) -> float:
    """Return a number of *fields*."""
    value: Any = fields.get(name)
    if value is None:
        return otherwise
    if isinstance(value, bool) or not isinstance(value, int | float):
        abort(400, f"{name} must be a number")
    return float(value)


def text_field(fields: Json, name: str, otherwise: str = "") -> str:
    """Return a text of *fields*."""
    value = fields.get(name)
    return otherwise if value is None else str(value)


def known_resident(openid: str) -> Resident:
    """Return the resident or answer 404."""
    found = world().find(openid)
    if found is None:
        abort(404, "no such resident")
    return found


def push(openid: str, message: Sent) -> Response:
    """Deliver *message*, if the resident follows; `?wait=0` returns before it arrives."""
    known_resident(openid)
    if following(openid) is None:
        abort(409, "the resident does not follow the account")
    return push_anyway(openid, message)


def push_anyway(openid: str, message: Sent) -> Response:
    """Deliver *message*; `?wait=0` returns before it arrives."""
    wait = request.args.get("wait", "1") != "0"
    exchange = simulator().pusher.push(openid, message, wait=wait)
    return jsonify(views.outcome_json(world(), exchange))
