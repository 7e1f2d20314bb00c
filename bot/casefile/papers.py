"""What a file is by its bytes, and a copy of it that carries nothing it need not."""

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from bot.errors import InvalidInputError

LARGEST = 10 * 1024 * 1024
LONGEST_NAME = 80
_MOST_PIXELS = 50_000_000
_LONGEST_EDGE = 3000
_MOST_UNPACKED = 100 * 1024 * 1024
_MOST_PARTS = 2000
_IMAGES = ("JPEG", "PNG", "WEBP", "GIF")
_OFFICE = {
    "word/document.xml": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "docx",
    ),
    "xl/workbook.xml": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xlsx",
    ),
}
# Where, what, type and extension.
_SOUND = (
    (0, b"#!AMR", "audio/amr", "amr"),
    (0, b"ID3", "audio/mpeg", "mp3"),
    (0, b"\xff\xfb", "audio/mpeg", "mp3"),
    (0, b"\xff\xf3", "audio/mpeg", "mp3"),
    (4, b"ftypM4A", "audio/mp4", "m4a"),
    (4, b"ftyp", "video/mp4", "mp4"),
)
_ACTIVE_PDF = re.compile(
    rb"/(JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA|SubmitForm|ImportData)\b"
)
_ACTIVE_OFFICE = ("vbaproject", "activex", "oleobject", "embeddings/", "externallinks/")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
TAKEN = "照片（JPG、PNG）、PDF、Word（docx）、Excel（xlsx）、录音录像（MP3、M4A、AMR、MP4）"


@dataclass(frozen=True, slots=True)
class Paper:
    """A file as it is kept."""

    content: bytes
    content_type: str
    extension: str


def read(content: bytes) -> Paper:
    """
    Return the file as it may be kept: pictures drawn anew, the rest as it came.

    What a PDF packs away is not unpacked here.  That is why every file is
    handed out for saving only, never shown as a page of ours.

    Raises:
        InvalidInputError: it is empty, too large, of no kind that is taken, or
            holds something that acts by itself when opened.
    """
    if not content:
        msg = "文件是空的，请重新选。"
        raise InvalidInputError(msg)
    if len(content) > LARGEST:
        msg = f"文件太大：最大{LARGEST // 1024 // 1024}兆。照片可以先压缩，文件可以分开传。"
        raise InvalidInputError(msg)
    found = _picture(content) or _pdf(content) or _office(content) or _sound(content)
    if found is None:
        msg = f"这种文件不收。可以传{TAKEN}。"
        raise InvalidInputError(msg)
    return found


def clean_name(name: str, extension: str) -> str:
    """Return the name without folders, control and direction characters, ending as the file is."""
    base = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(it for it in base if unicodedata.category(it)[0] != "C").strip(" .")
    stem = plain.rpartition(".")[0] or plain
    return f"{stem[:LONGEST_NAME] or '文件'}.{extension}"


def _picture(content: bytes) -> Paper | None:
    """Draw the picture anew, upright: where it was taken and with what goes with the old bytes."""
    try:
        with Image.open(io.BytesIO(content), formats=_IMAGES) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                msg = "照片太大，请先缩小再传。"
                raise InvalidInputError(msg)
            opened.draft("RGB", (_LONGEST_EDGE, _LONGEST_EDGE))
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((_LONGEST_EDGE, _LONGEST_EDGE))
            return _drawn(upright, as_png=opened.format in {"PNG", "GIF"})
    except UnidentifiedImageError:
        return None
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        msg = "照片打不开，可能没有传完整，请重新选。"
        raise InvalidInputError(msg) from error


def _drawn(picture: Image.Image, *, as_png: bool) -> Paper:
    to = io.BytesIO()
    if as_png:
        fresh = picture.convert("RGBA")
        clean = Image.new("RGBA", fresh.size)
        clean.paste(fresh)
        clean.save(to, "PNG", optimize=True)
        return Paper(to.getvalue(), "image/png", "png")
    fresh = picture.convert("RGB")
    clean = Image.new("RGB", fresh.size)
    clean.paste(fresh)
    clean.save(to, "JPEG", quality=88)
    return Paper(to.getvalue(), "image/jpeg", "jpg")


def _pdf(content: bytes) -> Paper | None:
    if not content.startswith(b"%PDF-"):
        return None
    plain = _ESCAPE.sub(lambda it: bytes([int(it.group(1), 16)]), content)
    if _ACTIVE_PDF.search(plain):
        msg = "这个PDF里有会自己运行的内容，不收。请打印成新的PDF，或拍照再传。"
        raise InvalidInputError(msg)
    return Paper(content, "application/pdf", "pdf")


def _office(content: bytes) -> Paper | None:
    if not content.startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError) as error:
        msg = "文件打不开，可能没有传完整，请重新选。"
        raise InvalidInputError(msg) from error
    names = {part.filename.lower() for part in parts}
    found = next((kind for part, kind in _OFFICE.items() if part in names), None)
    if found is None or "[content_types].xml" not in names:
        return None
    if sum(part.file_size for part in parts) > _MOST_UNPACKED or len(parts) > _MOST_PARTS:
        msg = "文件拆开太大，不收。请另存一份小的。"
        raise InvalidInputError(msg)
    if any(mark in name for name in names for mark in _ACTIVE_OFFICE):
        msg = "文件里有宏或嵌入的内容，不收。请另存为PDF再传。"
        raise InvalidInputError(msg)
    return Paper(content, *found)


def _sound(content: bytes) -> Paper | None:
    for offset, mark, content_type, extension in _SOUND:
        if content[offset : offset + len(mark)] == mark:
            return Paper(content, content_type, extension)
    return None
