"""What no row names is deleted; what one names, what is young, and too much at once is not."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot import kept_files
from bot.casefile.tables import Attachment
from bot.db.engine import transaction
from bot.media import Media
from bot.outbox import OutboundMessage
from bot.upkeep.orphans import FEW, sweep
from tests.bot.test_media import a_message
from tests.builders import a_caseworker, a_ticket
from tests.conftest import NOW

LONG_AGO = NOW - timedelta(days=3)


def a_file(folder: Path, *, aged: bool = True) -> str:
    path = kept_files.write(folder, b"of hers", "jpg")
    if aged:
        os.utime(folder / path, (LONG_AGO.timestamp(), LONG_AGO.timestamp()))
    else:
        os.utime(folder / path, (NOW.timestamp(), NOW.timestamp()))
    return path


def test_only_what_nothing_leads_to_goes(any_engine: Engine, tmp_path: Path) -> None:
    media, attachments = tmp_path / "media", tmp_path / "attachments"
    named = [a_file(media) for _ in range(3)]
    added = a_file(attachments)
    lost = [media / a_file(media), attachments / a_file(attachments)]
    young = media / a_file(media, aged=False)
    with transaction(any_engine) as session:
        ticket, staff = a_ticket(session), a_caseworker(session)
        message = a_message(session)
        session.add_all([
            Media(inbound_id=message.id, media_id="m", state="stored", path=named[0],
                  preview_path=named[1], not_before=NOW),
            OutboundMessage(resident_id=ticket.resident_id, kind="image", text="", queued_at=NOW,
                            created_at=NOW, details={"path": named[2]}, not_before=NOW),
            Attachment(ticket_id=ticket.id, name="单子.jpg", path=added, content_type="image/jpeg",
                       size=7, digest="a", staff_id=staff.id, at=NOW),
        ])  # fmt: skip

    assert sweep(any_engine, tmp_path, now=NOW) == 2

    assert not any(path.exists() for path in lost)
    kept = [*(media / it for it in named), attachments / added, young]
    assert all(path.exists() for path in kept)


@pytest.mark.parametrize("many", [3, FEW + 1])
def test_files_of_another_database_are_left_alone(
    engine: Engine, tmp_path: Path, many: int
) -> None:
    for _ in range(many):
        a_file(tmp_path / "media")

    assert sweep(engine, tmp_path, now=NOW) == 0

    assert len(list(tmp_path.rglob("*.jpg"))) == many
