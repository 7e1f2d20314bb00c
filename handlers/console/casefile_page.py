"""What of the case file stands beside a ticket's conversation."""

from datetime import timedelta
from typing import Any

from bot.casefile import agenda
from bot.casefile.tasks import KIND_NAMES
from bot.tickets.tables import Ticket
from bot.tickets.thread import Deed
from handlers.console import casefile_notes
from handlers.console.display import local
from handlers.console.session import db, me, tools

USUAL_HOUR = 10


def side(ticket: Ticket, deeds: list[Deed]) -> dict[str, Any]:
    """Return what the side column shows of the case file."""
    tomorrow = local(tools().now()) + timedelta(days=1)
    return {
        "tasks": agenda.of_ticket(db(), ticket, me()),
        "task_kinds": KIND_NAMES,
        "tomorrow": tomorrow.replace(hour=USUAL_HOUR, minute=0),
        **casefile_notes.side(deeds),
    }
