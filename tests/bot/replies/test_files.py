"""Files that caseworkers send, taken for what they are."""

import io

import pytest
from PIL import Image

from bot.errors import InvalidInputError
from bot.outbox import Kind
from bot.replies.files import MOST_BYTES, MOST_PICTURE_BYTES, prepare
from tests.bot.test_previews import an_amr, speech


def a_picture(size: tuple[int, int] = (40, 30), form: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(out, form, **options)
    return out.getvalue()


def test_a_picture_leaves_its_place_and_camera_behind() -> None:
    exif = Image.Exif()
    exif[0x010F] = "maker"
    exif[0x8825] = {1: "N", 2: (25.0, 2.0, 24.0)}
    content = a_picture(exif=exif) + b"<script>hidden behind the picture</script>"

    ready = prepare(content, name="现场.jpg")

    assert not Image.open(io.BytesIO(ready.content)).getexif()
    assert b"script" not in ready.content
    assert (ready.kind, ready.content_type, ready.name) == (Kind.IMAGE, "image/jpeg", "现场.jpg")


def test_a_large_picture_is_made_to_fit() -> None:
    ready = prepare(a_picture((2600, 2200), quality=90), name="大图.jpg")

    assert len(ready.content) <= MOST_PICTURE_BYTES


def test_a_clear_background_becomes_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "PNG")

    ready = prepare(out.getvalue(), name="章.png")

    assert Image.open(io.BytesIO(ready.content)).getpixel((5, 5)) == (255, 255, 255)


def test_a_voice_is_made_anew() -> None:
    ready = prepare(an_amr(speech(50)), name="留言.amr")

    assert (ready.kind, ready.content_type) == (Kind.VOICE, "audio/mpeg")
    assert ready.content.startswith(b"ID3")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "空的"),
        (b"%PDF-1.7", "截成图片"),
        (b"MZ\x90\x00", "截成图片"),
        (b"<html><script>", "截成图片"),
        (b"\xff\xd8\xff broken", "打不开"),
        (b"#!AMR\n", "打不开"),
        (b"\xff\xd8\xff" + bytes(MOST_BYTES), "最多 10 MB"),
    ],
)
def test_everything_else_is_refused_in_words(content: bytes, says: str) -> None:
    with pytest.raises(InvalidInputError, match=says):
        prepare(content, name="a.jpg")


def test_a_name_is_only_a_name() -> None:
    assert prepare(a_picture(), name="..\\..\\etc/../表.jpg").name == "表.jpg"
