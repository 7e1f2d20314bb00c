"""Each kind of chore does its work, asked for as the service asks."""

import io
from datetime import timedelta

from PIL import Image
from sqlalchemy import Engine, select

from bot import media
from bot.chore_kinds import KINDS, TRAIN
from bot.chores import ledger
from bot.chores.nightly import BACKUP, ORPHANS
from bot.chores.tables import Chore, ChoreState
from bot.db.engine import reading, transaction
from bot.knowledge import uploads
from bot.media import Media
from bot.privacy.times import load_times
from bot.reports import exports, weekly
from bot.reports.tables import ReportSnapshot
from bot.sections import Backup
from bot.settings import Settings
from bot.upkeep.backup import new_key
from bot.wechat.client import MediaFile
from tests.bot.chat import a_line
from tests.bot.chores.doing import do_all
from tests.bot.test_media import wanted
from tests.conftest import NOW
from tests.fakes import FakeNlu, SetClock


def a_picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (900, 600), "green").save(out, "JPEG")
    return out.getvalue()


def test_a_picture_that_came_gets_its_preview_a_week_its_report_a_night_its_backup(
    engine: Engine, settings: Settings
) -> None:
    keyed = settings.model_copy(update={"backup": Backup(recipients=(new_key()[1],))})
    folder = keyed.service.data_dir
    with transaction(engine) as session:
        came = MediaFile(a_picture(), "image/jpeg")
        media.store(session, wanted(session), came, folder=folder, now=NOW)
        weekly.ask_for_due(session, now=NOW, settings=keyed)
        ledger.ask(session, BACKUP, "2026-03-02", now=NOW)

    do_all(a_line(engine, keyed, FakeNlu(), SetClock()))

    with reading(engine) as session:
        chores = session.execute(select(Chore.kind, Chore.state).order_by(Chore.kind)).all()
        assert session.scalars(select(Media.preview_type)).all() == ["image/jpeg"]
        assert session.scalars(select(ReportSnapshot.kind)).all() == [weekly.KIND]
    names = (BACKUP, media.PREVIEW, weekly.KIND)
    assert chores == [(name, ChoreState.DONE) for name in names]
    assert len(list((folder / "backups").glob("yunqiao-*.tar.gz.age"))) == 1


def test_backups_are_kept_as_long_as_residents_are_told(
    engine: Engine, settings: Settings
) -> None:
    keyed = settings.model_copy(update={"backup": Backup(recipients=(new_key()[1],))})
    folder = keyed.service.data_dir / "backups"
    folder.mkdir(parents=True)
    days = load_times().backup_days
    for ago in (days - 1, days + 1):
        (folder / f"yunqiao-{NOW - timedelta(days=ago):%Y%m%dT%H%M%SZ}.tar.gz.age").touch()
    with transaction(engine) as session:
        ledger.ask(session, BACKUP, "2026-03-02", now=NOW)

    do_all(a_line(engine, keyed, FakeNlu(), SetClock()))

    stamps = sorted(path.name[8:16] for path in folder.iterdir())
    assert stamps == [f"{NOW - timedelta(days=days - 1):%Y%m%d}", f"{NOW:%Y%m%d}"]


def test_nothing_else_is_asked_for_that_nobody_does() -> None:
    assert KINDS.keys() == {
        exports.CHORE,
        media.PREVIEW,
        weekly.KIND,
        BACKUP,
        ORPHANS,
        TRAIN,
        uploads.CHORE,
    }
