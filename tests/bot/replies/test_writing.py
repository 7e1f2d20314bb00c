"""A caseworker's reply, and the last message kept for the outcome."""

import io

import pytest
from PIL import Image
from sqlalchemy import select

from bot import kept_files, outbox
from bot.contracts import Urgency
from bot.errors import LastReplyError
from bot.media import FOLDER
from bot.outbox import Kind, SendState
from bot.replies import files
from bot.replies.reserve import room
from bot.replies.tables import ReplyGround
from bot.replies.writing import BUNDLE_WITHIN, Last
from tests.bot.knowledge.builders import an_entry, newest
from tests.bot.outbox.steps import LEASE, claim
from tests.bot.replies.conftest import Desk
from tests.conftest import NOW


def a_picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "PNG")
    return out.getvalue()


def left(desk: Desk) -> tuple[int, int]:
    found = room(desk.session, desk.ticket.resident_id, now=NOW, limit_bytes=1800)
    return found.left, found.free


def test_with_plenty_left_a_reply_goes_at_once(desk: Desk) -> None:
    [row] = desk.writes("您在哪个工地？")

    assert (row.not_before, row.may_use_last) == (NOW, False)
    assert left(desk) == (4, 3)


def test_what_is_queued_counts_as_used(desk: Desk) -> None:
    for number in range(3):
        desk.writes(f"第{number}句")

    assert left(desk) == (2, 1)


def test_near_the_end_a_reply_waits_for_the_next_to_go_with_it(desk: Desk) -> None:
    desk.has_left(2)
    desk.writes("带身份证")

    rows = desk.writes("还有合同")

    assert {row.not_before for row in rows} == {NOW + BUNDLE_WITHIN}
    assert left(desk) == (1, 0)
    assert "还有合同" in claim(desk.session, NOW + BUNDLE_WITHIN).text


def test_the_last_one_is_asked_for_and_nothing_is_written(desk: Desk) -> None:
    desk.has_left(1)

    with pytest.raises(LastReplyError, match="办理结果就发不出去"), desk.session.begin_nested():
        desk.writes("还有一句")

    assert desk.rows() == []


def test_it_is_used_when_that_is_said(desk: Desk) -> None:
    desk.has_left(1)

    [row] = desk.writes("还有一句", last=Last.USE)

    assert claim(desk.session, NOW).outbound_id == row.id  # “现在发”


def test_or_the_reply_waits_and_one_stays_for_the_outcome(desk: Desk) -> None:
    desk.has_left(1)

    [row] = desk.writes("还有一句", last=Last.HOLD)

    assert (row.state, row.outcome) == (SendState.HELD, "kept_for_outcome")
    assert left(desk) == (1, 0)


def test_a_long_text_is_counted_as_its_messages(desk: Desk) -> None:
    desk.has_left(3)

    with pytest.raises(LastReplyError):
        desk.writes("很长的一段话。" * 280)


def test_in_a_crisis_nothing_is_kept_back(desk: Desk) -> None:
    desk.ticket.urgency = Urgency.CRISIS
    desk.has_left(1)

    [row] = desk.writes("您在哪里？")

    assert (row.not_before, row.may_use_last) == (NOW, True)


def test_behind_a_shut_window_nobody_is_asked_and_it_waits(desk: Desk) -> None:
    desk.has_left(0)

    [row] = desk.writes("有消息了")

    assert outbox.claim(desk.session, now=NOW + BUNDLE_WITHIN, lease=LEASE) is None
    assert row.state == SendState.HELD


def test_a_double_click_writes_once(desk: Desk) -> None:
    file = files.prepare(a_picture(), name="表.png")

    desk.writes("请看表", once="once-1234", file=file)
    rows = desk.writes("请看表", once="once-1234", file=file)

    assert [row.kind for row in rows] == [Kind.TEXT, Kind.IMAGE]


def test_a_picture_alone_says_who_sends_it(desk: Desk) -> None:
    words, picture = desk.writes("", file=files.prepare(a_picture(), name="表.png"))

    assert "我是社工王芳" in words.text
    assert "图片" in words.text
    assert kept_files.read(desk.folder / FOLDER / picture.details["path"])[:2] == b"\xff\xd8"
    assert picture.details["name"] == "表.png"


def test_what_a_reply_rests_on_is_kept_with_it(desk: Desk) -> None:
    version = newest(desk.session, an_entry(desk.session))
    version.published_at = NOW
    title = str(version.sources[0]["title"])

    [row] = desk.writes(f"可以投诉。\n出处：《{title}》。", grounds=(version.id,))

    ground = desk.session.scalars(select(ReplyGround)).one()
    assert (ground.outbound_id, ground.version_id) == (row.id, version.id)
    assert ground.clauses[0]["title"] == title


def test_a_source_that_was_taken_out_again_is_no_ground(desk: Desk) -> None:
    version = newest(desk.session, an_entry(desk.session))
    version.published_at = NOW

    desk.writes("可以投诉。", grounds=(version.id,))

    assert desk.session.scalars(select(ReplyGround)).all() == []
