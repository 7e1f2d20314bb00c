"""How long what is kept: data/retention.yaml."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from bot.settings import ROOT

FILE = ROOT / "data" / "retention.yaml"


@dataclass(frozen=True, slots=True)
class Times:
    """How long what is kept, in days."""

    ticket_days: int
    """From the end of a matter."""
    unconsented_days: int
    """The same, where nobody agreed to what is sensitive in it, or no guardian for a child."""
    warn_days: int
    """So long before it is shown who wants to hold it."""
    chat_days: int
    """What belongs to no matter."""
    refused_chat_days: int
    """The same, of who said no to the notice."""
    unfollowed_chat_days: int
    """The same, of who follows the account no longer; counted from the day they left."""
    backup_days: int
    """How long a backup is kept, and in it what was deleted since."""


@lru_cache
def load_times(path: Path = FILE) -> Times:
    """Return the times of the file."""
    return Times(**yaml.safe_load(path.read_text("utf-8")))
