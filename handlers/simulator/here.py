"""The parts of one simulator, and how a view reaches them."""

from dataclasses import dataclass

from flask import current_app

from bot.settings import Settings
from handlers.simulator.faults import FaultDesk
from handlers.simulator.media import MediaShelf
from handlers.simulator.model import Resident
from handlers.simulator.push import Pusher
from handlers.simulator.tokens import TokenDesk
from handlers.simulator.world import World

EXTENSION = "simulator"


@dataclass(frozen=True, slots=True)
class Simulator:
    """Everything a view may need."""

    settings: Settings
    world: World
    media: MediaShelf
    faults: FaultDesk
    tokens: TokenDesk
    pusher: Pusher


def simulator() -> Simulator:
    """Return the simulator of the running app."""
    found: Simulator = current_app.extensions[EXTENSION]
    return found


def world() -> World:
    """Return the world of the running app."""
    return simulator().world


def following(openid: str) -> Resident | None:
    """Return the resident if they follow the account."""
    resident = world().find(openid)
    return resident if resident is not None and resident.followed else None
