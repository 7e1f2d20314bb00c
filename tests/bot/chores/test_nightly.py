"""What is asked for every night."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.chores.nightly import BACKUP, ask_for_backup
from bot.chores.tables import Chore
from bot.sections import Backup
from bot.settings import Settings
from tests.conftest import NOW

MINUTE = timedelta(minutes=1)


def test_a_backup_is_asked_for_once_a_night_where_somebody_can_read_it(
    session: Session, settings: Settings
) -> None:
    nobody, somebody = Backup(), Backup(recipients=("age1…",))
    night = NOW.replace(hour=18, minute=31)  # half past two there
    tries = [(nobody, night), (somebody, night - MINUTE), (somebody, night - 2 * MINUTE)]
    tries += [(somebody, night), (somebody, night + timedelta(days=1))]

    asked = [
        ask_for_backup(session, now=at, settings=settings.model_copy(update={"backup": backup}))
        for backup, at in tries
    ]

    kinds = list(session.scalars(select(Chore.kind)))

    assert asked == [0, 1, 0, 0, 1]
    assert set(kinds) == {BACKUP}
