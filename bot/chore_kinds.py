"""Every kind of chore and how it is done; each looks first whether it was done already."""

from collections.abc import Mapping
from datetime import date

from bot import media, previews
from bot.chores.nightly import BACKUP, ORPHANS
from bot.db.engine import reading, transaction
from bot.errors import InvalidInputError, UpkeepError
from bot.knowledge import uploads
from bot.knowledge.passages import split
from bot.line import Line
from bot.privacy.times import load_times
from bot.reports import exports, weekly
from bot.up.following import tell_all
from bot.up.models import train_model
from bot.upkeep import backup, orphans
from bot.worker_chores import Kind

TRAIN = "train"
BY_HAND = (BACKUP, TRAIN)
"""What an operator may ask for: it is about the whole installation."""


def _export(line: Line, subject: str) -> None:
    export_id = int(subject)
    # No transaction that writes is open meanwhile: a large file takes a minute.
    with reading(line.engine) as session:
        if not exports.is_wanted(session, export_id):
            return
        written = exports.write(session, export_id, now=line.now(), settings=line.tools.settings)
    with transaction(line.engine) as session:
        exports.finish(session, export_id, written, now=line.now())


def _no_export(line: Line, subject: str) -> None:
    with transaction(line.engine) as session:
        exports.give_up(session, int(subject))


def _preview(line: Line, subject: str) -> None:
    folder = line.tools.settings.service.data_dir
    with reading(line.engine) as session:
        raw = previews.raw_of(session, int(subject))
    if raw is None:
        return
    preview = previews.make(raw, folder=folder)
    with transaction(line.engine) as session:
        previews.keep(session, raw, preview, folder=folder, now=line.now())


def _weekly(line: Line, subject: str) -> None:
    with transaction(line.engine) as session:
        first = date.fromisoformat(subject)
        weekly.make_due(session, first, now=line.now(), settings=line.tools.settings)


def _backup(line: Line, subject: str) -> None:
    del subject  # a day or an hour: a second one of it is harmless
    settings = line.tools.settings
    folder = backup.folder_of(settings)
    backup.back_up_into(folder, line.engine, settings, now=line.now())
    backup.delete_old(folder, load_times().backup_days, now=line.now())


def _orphans(line: Line, subject: str) -> None:
    del subject  # a day
    orphans.sweep(line.engine, line.tools.settings.service.data_dir, now=line.now())


def _train(line: Line, subject: str) -> None:
    del subject  # it is trained only where something changed
    if train_model(line.tools.settings):
        msg = "the model was not trained, or not taken"
        raise UpkeepError(msg)
    tell_all(line.tools.settings, lambda: transaction(line.engine), now=line.now())


def _policy(line: Line, subject: str) -> None:
    upload_id = int(subject)
    with reading(line.engine) as session:
        draft = uploads.draft_of(session, upload_id)
    if draft is None:
        return
    try:
        passages = split(draft.text)
    except InvalidInputError as error:
        with transaction(line.engine) as session:
            uploads.fail(session, upload_id, str(error))
        return
    with transaction(line.engine) as session:
        uploads.finish(session, upload_id, draft, passages, now=line.now())


def _no_policy(line: Line, subject: str) -> None:
    with transaction(line.engine) as session:
        uploads.fail(session, int(subject), uploads.GIVEN_UP)


KINDS: Mapping[str, Kind] = {
    exports.CHORE: Kind(_export, _no_export),
    media.PREVIEW: Kind(_preview),
    weekly.KIND: Kind(_weekly),
    BACKUP: Kind(_backup),
    ORPHANS: Kind(_orphans),
    TRAIN: Kind(_train),
    uploads.CHORE: Kind(_policy, _no_policy),
}
