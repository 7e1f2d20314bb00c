"""What bad input is tried on: each target takes any bytes, and fails only by a fault of ours."""

from collections.abc import Callable

from bot.casefile import papers
from bot.conversation import choices
from bot.errors import BadPushError, RefusedError
from bot.finding import grams
from bot.knowledge import policies
from bot.people.places import read_places
from bot.understanding.crisis import danger_points, find_crisis
from bot.understanding.scripts import foreign_script
from bot.wechat.envelope import Envelope
from bot.wechat.text import cdata, split_text
from bot.workdays.lists import read_list
from tests.bot.wechat import platform
from tests.conftest import NOW

LIMIT = 1800
ENVELOPE = Envelope(platform.settings())
Target = Callable[[bytes], None]


def outer(data: bytes) -> None:
    """A call with a good address and any body: refused, or a message."""
    args, _ = platform.call("x")
    try:
        ENVELOPE.open(args, data, now=NOW)
    except BadPushError as error:
        assert len(str(error)) <= 40  # noqa: PT017 (a code, and never what was sent)


def inner(data: bytes) -> None:
    """A call that WeChat signed and encrypted, with anything inside."""
    args, body = platform.call(platform.encrypt(data))
    try:
        push = ENVELOPE.open(args, body, now=NOW).push
    except BadPushError as error:
        why = str(error)
        assert error.signed or why == "undecryptable", why  # noqa: PT017
        return
    assert push.openid.isascii()
    assert 0 < len(push.key) <= 200
    assert len(push.kind) <= 40


def fields(data: bytes) -> None:
    """A message whose fields are anything: the kind, the words, the id, the rest."""
    kind, content, msg_id, extra = (data.decode("utf-8", "replace").split("\x1f") + [""] * 4)[:4]
    inside = (
        f"<MsgType>{cdata(kind)}</MsgType><Content>{cdata(content)}</Content>"
        f"<Event>{cdata(extra)}</Event><MsgId>{cdata(msg_id)}</MsgId>"
        f"<EventKey>{cdata(extra)}</EventKey><Location_X>{cdata(extra)}</Location_X>"
    )
    inner(platform.message(inside).encode("utf-8", "replace"))


def words(data: bytes) -> None:
    """Anything a resident may write, read by everything that reads it without the NLU."""
    half = chr(0xD800 + data[-1]) if data[-1:] > b"\xf0" else ""  # half of a character
    text = data.decode("utf-8", "replace") + half
    find_crisis(text)
    danger_points(text)
    foreign_script(text)
    choices.number(text)
    grams.kept(text)
    pieces = split_text(text, LIMIT)
    assert all(len(piece.encode("utf-8", "replace")) <= LIMIT for piece in pieces)


def uploads(data: bytes) -> None:
    """Any file that staff upload: taken, or refused with a sentence for them."""
    for read in (papers.read, policies.read_text, read_places, read_list):
        try:
            read(data)
        except RefusedError as error:
            assert str(error)  # noqa: PT017 (the sentence is what is tested)


TARGETS: dict[str, Target] = {
    "outer": outer,
    "inner": inner,
    "fields": fields,
    "words": words,
    "uploads": uploads,
}
SEEDS: dict[str, list[bytes]] = {
    "outer": [platform.call(platform.encrypt(platform.text("你好")))[1], b"<xml><a/></xml>"],
    "inner": [platform.text("你好").encode(), platform.event("subscribe").encode()],
    "fields": ["text\x1f老板跑了\x1f42\x1f".encode(), b"event\x1f\x1f\x1fCLICK"],
    "words": ["我不想活了".encode(), b"1", "ꆈꌠ 🙏👩‍👧 မြန်မာ".encode()],
    "uploads": [b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", "代码,名称\n530102001,护国街道\n".encode()],
}
