"""How the state looks in the control API's JSON."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from handlers.simulator.here import Simulator
from handlers.simulator.model import ApiCall, Bubble, Exchange, Json, Resident
from handlers.simulator.world import World

CONSENT_TEMPLATE = "yunqiao-new-reply"


def bubble_json(bubble: Bubble) -> Json:
    """One thing in a chat."""
    return {**asdict(bubble), "at": bubble.at.isoformat()}


def resident_json(world: World, resident: Resident) -> Json:
    """One resident, with what may still be sent to them."""
    now = world.now()
    return {
        "openid": resident.openid,
        "name": resident.name,
        "about": resident.about,
        "colour": resident.colour,
        "story": list(resident.story),
        "followed": resident.followed,
        "scene": resident.scene,
        "typing": resident.typing_until is not None and resident.typing_until > now,
        "consents": dict(resident.consents),
        "quota": world.quota(resident.openid),
    }


def outcome_json(world: World, exchange: Exchange) -> Json:
    """What came of a push."""
    reply = _reply(world, exchange)
    return {
        "exchange": exchange.id,
        "msg_id": exchange.msg_id,
        "done": exchange.done,
        "reply": reply,
        "reply_text": reply["text"] if reply else None,
        "tries": len([a for a in exchange.attempts if not a.duplicate]),
        "ms": exchange.ms,
        "failed": exchange.failed,
        "error": exchange.error,
    }


def exchange_json(exchange: Exchange) -> Json:
    """A push with everything that went over the wire."""
    return {**asdict(exchange), "at": exchange.at.isoformat()}


def exchange_line(exchange: Exchange) -> Json:
    """A push in one line."""
    return {
        "id": exchange.id,
        "openid": exchange.openid,
        "kind": exchange.kind,
        "msg_id": exchange.msg_id,
        "at": exchange.at.isoformat(),
        "tries": len(exchange.attempts),
        "ms": exchange.ms,
        "failed": exchange.failed,
        "done": exchange.done,
        "error": exchange.error,
    }


def call_json(call: ApiCall) -> Json:
    """An API call with what was asked and answered."""
    return {**asdict(call), "at": call.at.isoformat()}


def faults_json(parts: Simulator) -> list[Json]:
    """The faults that are on."""
    return [
        {**asdict(fault), "until": fault.until.isoformat() if fault.until else None}
        for fault in parts.faults.active()
    ]


def clock_json(world: World) -> Json:
    """Both clocks."""
    with world.reading() as state:
        offset = state.offset_seconds
    moved = world.real_now() + timedelta(seconds=offset)
    return {"now": moved.isoformat(), "real": world.real_now().isoformat(), "offset": offset}


def feed_json(parts: Simulator, after: int) -> Json:
    """Everything the page needs since bubble or record *after*."""
    world = parts.world
    with world.reading() as state:
        feed: dict[str, Any] = {
            "epoch": state.epoch,
            "last": state.last_id,
            "menu": (state.menu or {}).get("button", []),
            "residents": [resident_json(world, r) for r in state.residents.values()],
            "bubbles": [bubble_json(b) for b in state.bubbles if b.id > after],
            "exchanges": [exchange_line(e) for e in state.exchanges[-60:]],
            "calls": [call_json(c) for c in state.calls[-60:] if c.id > after],
            "tickets": [
                {"ticket": t.ticket, "scene": t.scene} for t in list(state.tickets.values())[-5:]
            ],
        }
    return {**feed, "faults": faults_json(parts), "clock": clock_json(world)}


def _reply(world: World, exchange: Exchange) -> Json | None:
    if not exchange.reply_xml:
        return None
    for bubble in reversed(world.chat(exchange.openid)):
        if bubble.exchange == exchange.id and bubble.sender == "account":
            return {"kind": bubble.kind, "text": bubble.text, "details": bubble.details}
    return None
