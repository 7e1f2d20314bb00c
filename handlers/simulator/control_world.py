"""The control API, third part: clock, faults, records, reset."""

from dataclasses import asdict
from datetime import timedelta

from flask import Blueprint, Response, abort, jsonify, request

from handlers.simulator import faults, views
from handlers.simulator.control_fields import json_fields, number_field, text_field
from handlers.simulator.here import simulator, world
from handlers.simulator.model import Fault

stage = Blueprint("stage", __name__)


@stage.get("/feed")
def feed() -> Response:
    """Return everything new since `?after=`: what the page asks for each second."""
    return jsonify(views.feed_json(simulator(), request.args.get("after", 0, int)))


@stage.get("/clock")
def clock() -> Response:
    """Tell the ledger's time and how far it has been moved."""
    return jsonify(views.clock_json(world()))


@stage.post("/clock")
def move_clock() -> Response:
    """Move the ledger's clock by {"seconds"} (or minutes, hours), or back with {"reset": true}."""
    fields = json_fields()
    hours = number_field(fields, "hours", 0)
    minutes = hours * 60 + number_field(fields, "minutes", 0)
    seconds = minutes * 60 + number_field(fields, "seconds", 0)
    with world().changing() as state:
        state.offset_seconds = 0 if fields.get("reset") else state.offset_seconds + seconds
    return jsonify(views.clock_json(world()))


@stage.get("/faults")
def list_faults() -> Response:
    """List the faults that are on, and the kinds there are."""
    return jsonify({"on": views.faults_json(simulator()), "kinds": faults.KINDS})


@stage.post("/faults")
def switch_on() -> tuple[Response, int]:
    """Switch on {"kind", "seconds", "code", "path", "count", "for_seconds"}."""
    fields = json_fields()
    kind = text_field(fields, "kind")
    if kind not in faults.KINDS:
        abort(400, f"kind is one of {', '.join(faults.KINDS)}")
    lasting = number_field(fields, "for_seconds", 0)
    count = int(number_field(fields, "count", 0))
    fault = Fault(
        kind=kind,
        seconds=number_field(fields, "seconds", 3),
        code=int(number_field(fields, "code", -1)),
        path=text_field(fields, "path"),
        left=count or None,
        until=world().real_now() + timedelta(seconds=lasting) if lasting else None,
    )
    simulator().faults.switch_on(fault)
    return jsonify(asdict(fault)), 201


@stage.delete("/faults")
def switch_all_off() -> Response:
    """Switch every fault off."""
    simulator().faults.switch_off()
    return jsonify({})


@stage.delete("/faults/<kind>")
def switch_off(kind: str) -> Response:
    """Switch one fault off."""
    simulator().faults.switch_off(kind)
    return jsonify({})


@stage.get("/calls")
def calls() -> Response:
    """List the service's API calls, accepted and refused; `?openid=`, `?path=`, `?after=`."""
    asked = request.args
    with world().reading() as state:
        found = [
            views.call_json(call)
            for call in state.calls
            if asked.get("openid", call.openid) == call.openid
            and asked.get("path", "") in call.path
            and call.id > asked.get("after", 0, int)
        ]
    return jsonify(found)


@stage.get("/exchanges")
def exchanges() -> Response:
    """List the pushes in one line each."""
    with world().reading() as state:
        return jsonify([views.exchange_line(exchange) for exchange in state.exchanges])


@stage.get("/exchanges/<int:number>")
def exchange(number: int) -> Response:
    """Show a push with what went over the wire; 404 when it is too old."""
    found = world().find_exchange(number)
    if found is None:
        abort(404, "no such exchange")
    outcome = views.outcome_json(world(), found)
    return jsonify({**views.exchange_json(found), "outcome": outcome})


@stage.get("/calls/<int:number>")
def call(number: int) -> Response:
    """Show one API call."""
    with world().reading() as state:
        found = next((call for call in state.calls if call.id == number), None)
    if found is None:
        abort(404, "no such call")
    return jsonify(views.call_json(found))


@stage.post("/verify")
def verify() -> Response:
    """Ask the callback for its echo, as the platform does when it is set up."""
    json_fields()
    answer = simulator().pusher.verify("5838479218127813673")
    text = answer.body.decode(errors="replace")
    right = text == "5838479218127813673"
    return jsonify({"ok": right, "status": answer.status, "ms": answer.ms, "error": answer.error})


@stage.post("/expire-tokens")
def expire_tokens() -> Response:
    """Make every access token stop working now."""
    json_fields()
    simulator().tokens.expire()
    return jsonify({})


@stage.post("/reset")
def reset() -> Response:
    """Forget every chat, file, token and fault; the sample residents come back."""
    json_fields()
    world().reset()
    simulator().media.clear()
    return jsonify({})
