"""Files that caseworkers send: taken for what their bytes are, and made anew for WeChat."""

import io
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageOps

from bot import kept_files
from bot.db.types import JsonObject
from bot.errors import InvalidInputError
from bot.media import FOLDER
from bot.outbox import Kind
from bot.previews import MOST_PIXELS, playable

MEGABYTE = 1024 * 1024
MOST_BYTES = 10 * MEGABYTE
MOST_PICTURE_BYTES = 2 * MEGABYTE
"""WeChat's page says 10 MB in one place and 2 MB in another."""
MOST_VOICE_BYTES = 2 * MEGABYTE
SIDES = (2048, 1600, 1200)
LONGEST_NAME = 80
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
_VOICES = (b"#!AMR", b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"OggS")
_ADVICE = "微信只收图片（JPG、PNG）、语音（MP3、AMR、M4A）和 MP4 视频。文件请截成图片再发。"


@dataclass(frozen=True, slots=True)
class Ready:
    """A file as it goes out."""

    kind: Kind
    content: bytes = field(repr=False)
    content_type: str
    extension: str
    name: str


def prepare(content: bytes, *, name: str) -> Ready:
    """
    Return the file as WeChat takes it.

    A picture and a voice are made anew: what a camera wrote into them, such as
    the place, and whatever else hides in a file, stays behind.

    Raises:
        InvalidInputError: it is no such file, broken, or too large.
    """
    if not content:
        msg = "文件是空的，请重新选一个。"
        raise InvalidInputError(msg)
    if len(content) > MOST_BYTES:
        msg = f"文件太大：最多 10 MB，这个有 {len(content) / MEGABYTE:.1f} MB。"
        raise InvalidInputError(msg)
    called = Path(name.replace("\\", "/")).name.strip()[:LONGEST_NAME] or "文件"
    if content.startswith(_PICTURES):
        return Ready(Kind.IMAGE, _picture(content), "image/jpeg", "jpg", called)
    if content.startswith(_VOICES) or content[4:11] == b"ftypM4A":
        return Ready(Kind.VOICE, _voice(content), "audio/mpeg", "mp3", called)
    if content[4:8] == b"ftyp":
        return Ready(Kind.VIDEO, content, "video/mp4", "mp4", called)
    msg = f"这种文件发不了。{_ADVICE}"
    raise InvalidInputError(msg)


def store(ready: Ready, *, folder: Path) -> JsonObject:
    """Write the file and return what the outbox needs to know of it."""
    path = kept_files.write(folder / FOLDER, ready.content, ready.extension)
    return {"path": path, "content_type": ready.content_type, "name": ready.name}


def _picture(content: bytes) -> bytes:
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "GIF")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                msg = "这张图片太大了，请截成小一点的再发。"
                raise InvalidInputError(msg)
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
            white = Image.new("RGBA", upright.size, "white")
            flat = Image.alpha_composite(white, upright).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        msg = "这张图片打不开，可能坏了。请重新拍一张，或者换一张。"
        raise InvalidInputError(msg) from None
    return _fitting(flat)


def _fitting(picture: Image.Image) -> bytes:
    """Return the picture in the largest form that WeChat takes."""
    data = b""
    for side in SIDES:
        picture.thumbnail((side, side))
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=85)
        data = out.getvalue()
        if len(data) <= MOST_PICTURE_BYTES:
            return data
    return data


def _voice(content: bytes) -> bytes:
    try:
        data = playable(content).content
    except ValueError:
        msg = "这段语音打不开，可能坏了。请重新录一段。"
        raise InvalidInputError(msg) from None
    if len(data) > MOST_VOICE_BYTES:
        msg = "语音太长，微信最多收 60 秒左右。请分成几段发。"
        raise InvalidInputError(msg)
    return data
