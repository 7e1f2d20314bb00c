"""Files as they come from a phone or an office, made here."""

import io
import zipfile

from PIL import Image

GPS = 0x8825
MADE_WITH = 0x0110


def jpeg(*, size: tuple[int, int] = (60, 40), turned: bool = False) -> bytes:
    """A photo that says where and with what it was taken."""
    exif = Image.Exif()
    exif[MADE_WITH] = "SecretPhone"
    exif.get_ifd(GPS)[1] = "N"
    if turned:
        exif[0x0112] = 6
    to = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(to, "JPEG", exif=exif, comment=b"secret words")
    return to.getvalue()


def picture(kind: str) -> bytes:
    to = io.BytesIO()
    Image.new("RGBA" if kind in {"PNG", "WEBP"} else "P", (20, 10)).save(to, kind)
    return to.getvalue()


def office(*parts: str) -> bytes:
    to = io.BytesIO()
    with zipfile.ZipFile(to, "w") as packed:
        for part in ("[Content_Types].xml", *parts):
            packed.writestr(part, "<x/>")
    return to.getvalue()
