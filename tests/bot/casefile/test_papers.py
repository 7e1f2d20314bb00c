"""Files are taken by what their bytes are, and carry nothing they need not."""

import io

import pytest
from PIL import Image

from bot.casefile.papers import LARGEST, clean_name, read
from bot.errors import InvalidInputError
from tests.bot.casefile.papers import GPS, MADE_WITH, jpeg, office, picture


def test_a_photo_loses_where_and_with_what_it_was_taken() -> None:
    kept = read(jpeg())

    with Image.open(io.BytesIO(kept.content)) as opened:
        exif = opened.getexif()
        assert (dict(exif), dict(exif.get_ifd(GPS)), opened.info.get("comment")) == ({}, {}, None)
    assert b"SecretPhone" not in kept.content
    assert b"secret words" not in kept.content
    assert (kept.content_type, kept.extension) == ("image/jpeg", "jpg")
    assert MADE_WITH  # what the photo had


def test_a_photo_taken_upright_stays_upright() -> None:
    with Image.open(io.BytesIO(read(jpeg(turned=True)).content)) as opened:
        assert opened.size == (40, 60)


def test_what_hangs_on_behind_a_picture_is_cut_off() -> None:
    kept = read(jpeg() + b"<script>alert(1)</script>PK\x03\x04")

    assert b"<script>" not in kept.content


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (picture("PNG"), "image/png"),
        (picture("GIF"), "image/png"),
        (picture("WEBP"), "image/jpeg"),
        (b"%PDF-1.7\n1 0 obj <</Type/Catalog>>", "application/pdf"),
        (office("word/document.xml"), "wordprocessingml"),
        (office("xl/workbook.xml"), "spreadsheetml"),
        (b"#!AMR\n123", "audio/amr"),
        (b"\x00\x00\x00\x20ftypM4A ", "audio/mp4"),
    ],
)
def test_what_people_bring_is_taken(content: bytes, content_type: str) -> None:
    assert content_type in read(content).content_type


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "空的"),
        (b"x" * (LARGEST + 1), "太大"),
        (b"<html><script>alert(1)</script>", "不收"),
        (b"MZ\x90\x00", "不收"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "不收"),
        (b"\xd0\xcf\x11\xe0old word", "不收"),
        (office("readme.txt"), "不收"),
        (office("word/document.xml", "word/vbaProject.bin"), "宏"),
        (office("xl/workbook.xml", "xl/embeddings/oleObject1.bin"), "嵌入"),
        (b"PK\x03\x04 torn", "打不开"),
        (jpeg()[:200], "打不开"),
        (b"%PDF-1.7\n<</OpenAction<</S/JavaScript/JS(x)>>>>", "自己运行"),
        (b"%PDF-1.7\n<</S/J#61vaScript>>", "自己运行"),
        (b"%PDF-1.7\n<</S/Launch>>", "自己运行"),
    ],
)
def test_what_could_do_harm_is_refused_in_words(content: bytes, says: str) -> None:
    with pytest.raises(InvalidInputError, match=says):
        read(content)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("欠条.jpg", "欠条.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\fakepath\\欠条.JPEG", "欠条.jpg"),
        ("a\u202egnp.exe", "agnp.jpg"),
        ("\r\nSet-Cookie: x.jpg", "Set-Cookie: x.jpg"),
        ("", "文件.jpg"),
        ("长" * 300, "长" * 80 + ".jpg"),
    ],
)
def test_a_name_says_no_more_than_a_name(name: str, kept: str) -> None:
    assert clean_name(name, "jpg") == kept
