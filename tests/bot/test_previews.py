"""What browsers show of files: voices they can play, pictures that are small."""

import io
import random
from pathlib import Path

import av
import pytest
from PIL import Image
from sqlalchemy.orm import Session

from bot import kept_files, previews
from bot.media import FOLDER, Media
from bot.previews import Preview, Raw
from bot.privacy.erasure import let_go_of_media
from tests.bot.test_media import a_message
from tests.conftest import NOW

SILENT = b"\x7c"
A_SECOND = 50


def an_amr(*frames: bytes) -> bytes:
    return b"#!AMR\n" + b"".join(frames)


def speech(frames: int) -> bytes:
    """Frames of 12.2 kbit/s; what they sound like does not matter."""
    chance = random.Random(7)
    return b"".join(b"\x3c" + chance.randbytes(31) for _ in range(frames))


def seconds(preview: Preview) -> float:
    with av.open(io.BytesIO(preview.content), "r") as sound:
        return (sound.duration or 0) / 1_000_000


def test_a_voice_becomes_an_mp3_of_the_same_length() -> None:
    preview = previews.playable(an_amr(speech(2 * A_SECOND)))

    assert preview.content_type == "audio/mpeg"
    assert seconds(preview) == pytest.approx(2, abs=0.1)


def test_pauses_that_amr_leaves_out_stay_pauses() -> None:
    preview = previews.playable(an_amr(speech(A_SECOND), SILENT * A_SECOND, speech(A_SECOND)))

    assert seconds(preview) == pytest.approx(3, abs=0.1)


def test_a_picture_becomes_small_upright_and_tells_nothing_of_its_camera() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held on its side
    exif[0x010F] = "maker"
    raw = io.BytesIO()
    Image.new("RGB", (2000, 1000)).save(raw, "JPEG", exif=exif)

    preview = previews.small(raw.getvalue())

    picture = Image.open(io.BytesIO(preview.content))
    assert picture.size == (240, 480)
    assert not picture.getexif()


def stored(session: Session, folder: Path, content: bytes, content_type: str) -> Media:
    (folder / FOLDER).mkdir(parents=True)
    (folder / FOLDER / "a").write_bytes(content)
    row = Media(
        inbound_id=a_message(session).id, media_id="m", state="stored", path="a",
        content_type=content_type, not_before=NOW,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def prepare(session: Session, folder: Path) -> Raw:
    raw = previews.raw_of(session, 1)
    assert raw is not None
    previews.keep(session, raw, previews.make(raw, folder=folder), folder=folder, now=NOW)
    return raw


def test_the_original_is_kept_beside_it(session: Session, tmp_path: Path) -> None:
    content = an_amr(speech(A_SECOND))
    row = stored(session, tmp_path, content, "audio/amr")

    prepare(session, tmp_path)

    assert (row.preview_type, row.prepared_at) == ("audio/mpeg", NOW)
    assert kept_files.read(tmp_path / FOLDER / row.preview_path)[:3] == b"ID3"
    assert kept_files.read(tmp_path / FOLDER / row.path) == content


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"#!AMR\n", "audio/amr"),
        (b"\xff\xd8\xff\xe0 broken", "image/jpeg"),
        (b"....ftypmp42", "video/mp4"),
    ],
)
def test_what_cannot_be_shown_is_tried_once_and_stays_as_it_is(
    session: Session, tmp_path: Path, content: bytes, content_type: str
) -> None:
    row = stored(session, tmp_path, content, content_type)

    prepare(session, tmp_path)

    assert row.preview_path == ""
    assert previews.raw_of(session, 1) is None


def test_no_preview_is_kept_of_what_was_erased_while_it_was_made(
    session: Session, tmp_path: Path
) -> None:
    message = a_message(session)
    row = Media(inbound_id=message.id, media_id="m-1", state="stored", not_before=NOW)
    row.path, row.content_type = "ab/picture.jpg", "image/jpeg"
    session.add(row)
    session.flush()
    raw = previews.raw_of(session, row.id)
    assert raw is not None
    list(let_go_of_media(session, Media.id == row.id))

    small = Preview(b"small", "image/jpeg", "jpg")
    previews.keep(session, raw, small, folder=tmp_path, now=NOW)

    assert row.preview_path == ""
    assert list(tmp_path.rglob("*.jpg")) == []
