"""The file that keeps the passwords of the demo accounts, for whoever starts the demo."""

import json
from pathlib import Path

from bot.settings import Settings


def demo_logins(settings: Settings) -> list[tuple[str, str, str]]:
    """Return login, password and role word of each demo account; none outside a demo."""
    if settings.service.mode != "demo":
        return []
    try:
        rows = json.loads(logins_file(settings).read_text("utf-8"))
        return [(str(login), str(password), str(role)) for login, password, role in rows]
    except (FileNotFoundError, ValueError, TypeError):  # without it the service runs all the same
        return []


def logins_file(settings: Settings) -> Path:
    """Return where they are kept."""
    return settings.service.data_dir / "demo-logins.json"
