"""Files of residents, fetched before WeChat forgets them."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot import inbox, kept_files, media
from bot.contracts import Push
from bot.db.engine import transaction
from bot.errors import RefusedError
from bot.inbox import InboundMessage
from bot.media import LostFile, Media, WantedFile
from bot.privacy.erasure import let_go_of_media
from bot.wechat.client import MediaFile
from bot.wechat.outcomes import NoCode, failed
from tests.builders import a_resident
from tests.conftest import NOW

JPEG = b"\xff\xd8\xff\xe0rest"
DAY = timedelta(days=1)


@dataclass
class FakeSource:
    """Gives one file, or fails as told."""

    fails: Exception | None = None

    def download_media(self, media_id: str) -> MediaFile:
        if self.fails:
            raise self.fails
        return MediaFile(JPEG, "text/html")


def a_message(session: Session, kind: str = "image", media_id: str = "m-1") -> InboundMessage:
    push = Push(f"k-{kind}", kind, "o-li", "gh_1", NOW, details={"MediaId": media_id})
    return inbox.store(session, push, resident_id=a_resident(session).id, now=NOW)


def wanted(session: Session) -> WantedFile:
    media.queue(session, a_message(session), now=NOW)
    found = media.claim(session, now=NOW)
    assert found is not None
    return found


@pytest.mark.parametrize("kind", ["image", "voice", "video", "shortvideo"])
def test_pictures_voices_and_videos_are_queued(session: Session, kind: str) -> None:
    row = media.queue(session, a_message(session, kind), now=NOW)

    assert row is not None
    assert (row.media_id, row.state) == ("m-1", "queued")


@pytest.mark.parametrize(
    ("kind", "media_id"), [("text", "m-1"), ("image", ""), ("image", "m" * 201)]
)
def test_other_messages_are_not_queued(session: Session, kind: str, media_id: str) -> None:
    assert media.queue(session, a_message(session, kind, media_id), now=NOW) is None


@pytest.mark.parametrize(
    ("content", "content_type", "extension"),
    [
        (JPEG, "image/jpeg", ".jpg"),
        (b"\x89PNG\r\n\x1a\nrest", "image/png", ".png"),
        (b"GIF89a", "image/gif", ".gif"),
        (b"#!AMR\nrest", "audio/amr", ".amr"),
        (b"ID3rest", "audio/mpeg", ".mp3"),
        (b"\xff\xfbrest", "audio/mpeg", ".mp3"),
        (b"\x00\x00\x00\x18ftypmp42", "video/mp4", ".mp4"),
    ],
)
def test_a_file_is_kept_as_what_it_is(
    session: Session, tmp_path: Path, content: bytes, content_type: str, extension: str
) -> None:
    file = wanted(session)

    fetched = MediaFile(content, "text/html")
    media.store(session, file, fetched, folder=tmp_path, now=NOW)

    row = session.get_one(Media, file.id)
    path = tmp_path / "media" / row.path
    assert (row.state, row.content_type, path.suffix) == ("stored", content_type, extension)
    assert content not in path.read_bytes()
    assert kept_files.read(path) == content
    assert path.stat().st_mode & 0o077 == 0
    assert "m-1" not in row.path


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<html><script>", "type"),
        (b"<svg xmlns=", "type"),
        (b"MZ\x90", "type"),
        (b"%PDF-1.4", "type"),
        (b"", "empty"),
    ],
)
def test_anything_else_is_not_kept(
    session: Session, tmp_path: Path, content: bytes, reason: str
) -> None:
    file = wanted(session)

    media.store(session, file, MediaFile(content, "image/jpeg"), folder=tmp_path, now=NOW)

    row = session.get_one(Media, file.id)
    assert (row.state, row.reason, row.path) == ("lost", reason, "")
    assert not list(tmp_path.rglob("*.jpg"))


def test_a_file_that_will_not_come_is_lost_with_its_reason(
    session: Session, tmp_path: Path
) -> None:
    file = wanted(session)

    fetched = media.fetch(FakeSource(RefusedError("gone")), file)
    media.store(session, file, fetched, folder=tmp_path, now=NOW)

    row = session.get_one(Media, file.id)
    assert fetched == LostFile("gone")
    assert (row.state, row.reason) == ("lost", "gone")


def test_a_file_is_tried_again_for_as_long_as_wechat_keeps_it(
    session: Session, tmp_path: Path
) -> None:
    file = wanted(session)
    later = FakeSource(failed(NoCode.NETWORK))

    media.store(session, file, media.fetch(later, file), folder=tmp_path, now=NOW)
    row = session.get_one(Media, file.id)
    assert row.state == "queued"
    assert NOW < row.not_before < NOW + timedelta(minutes=1)
    media.store(session, file, None, folder=tmp_path, now=NOW + 3 * DAY)

    assert (row.state, row.reason) == ("lost", "gone")


def test_a_file_is_fetched_by_one_worker_at_a_time(engine: Engine) -> None:
    with transaction(engine) as session:
        media.queue(session, a_message(session), now=NOW)
    taken = []
    for now in (NOW, NOW, NOW + media.LEASE):
        with transaction(engine) as session:
            taken.append(media.claim(session, now=now))

    assert [found is not None for found in taken] == [True, False, True]


def test_what_is_fetched_shows_neither_content_nor_address(session: Session) -> None:
    file = wanted(session)

    assert "m-1" not in repr(file)
    assert "rest" not in repr(media.fetch(FakeSource(), file))


def test_what_was_erased_while_it_was_fetched_is_not_kept(
    session: Session, tmp_path: Path
) -> None:
    file = wanted(session)
    list(let_go_of_media(session, Media.id == file.id))  # at the resident's word

    media.store(session, file, MediaFile(JPEG, "image/jpeg"), folder=tmp_path, now=NOW)

    row = session.get_one(Media, file.id)
    assert (row.state, row.path) == ("lost", "")
    assert list(tmp_path.rglob("*.jpg")) == []
