"""What is asked for every night."""

from datetime import datetime, time

from sqlalchemy.orm import Session

from bot.chores import ledger
from bot.settings import Settings

BACKUP, ORPHANS = "backup", "orphans"


def ask_for_backup(session: Session, *, now: datetime, settings: Settings) -> int:
    """Have tonight's backup made, later where nobody was up; none where nobody could read it."""
    local = now.astimezone(settings.zone)
    if not settings.backup.recipients or local.time() < time.fromisoformat(settings.backup.at):
        return 0
    return int(ledger.ask(session, BACKUP, local.date().isoformat(), now=now))


def ask_for_sweeping(session: Session, *, now: datetime, settings: Settings) -> int:
    """Have files that no row names looked for, at the same time of night."""
    local = now.astimezone(settings.zone)
    if local.time() < time.fromisoformat(settings.backup.at):
        return 0
    return int(ledger.ask(session, ORPHANS, local.date().isoformat(), now=now))
