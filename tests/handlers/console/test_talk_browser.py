"""The composer in a real browser: found as one types, put in by one tap, never sent by it."""

import io
from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Locator, ViewportSize, expect
from sqlalchemy import select

from bot import previews
from bot.contracts import Urgency
from bot.db.engine import reading, transaction
from bot.inbox import InboundMessage
from bot.media import FOLDER, Media
from bot.outbox import OutboundMessage
from bot.outbox.tables import TypingSign
from bot.replies.tables import ReplyGround
from bot.settings import Settings
from bot.tickets.tables import Ticket
from bot.wechat import budget
from tests.bot.test_previews import an_amr, speech
from tests.conftest import NOW
from tests.handlers.console import test_tickets_browser as parts
from tests.handlers.console.conftest import QUESTION
from tests.handlers.console.test_tickets_browser import DESK, PHONE, Desk, too_small

address, desk = parts.address, parts.desk


@pytest.fixture
def calm(desk: Desk) -> Desk:
    """The ticket is no crisis, so that one message is kept for its outcome."""
    with transaction(desk.engine) as session:
        session.get_one(Ticket, desk.ticket.id).urgency = Urgency.NORMAL
    desk.page.reload()
    return desk


def box(desk: Desk) -> Locator:
    return desk.page.get_by_label("回复居民")


def written(desk: Desk) -> list[OutboundMessage]:
    with reading(desk.engine) as session:
        return list(session.scalars(select(OutboundMessage).order_by(OutboundMessage.id)))


def find(desk: Desk, words: str) -> None:
    desk.page.locator("#picker > summary").click()
    desk.page.get_by_label("找常用语和政策答案").press_sequentially(words)


def has_left(desk: Desk, count: int) -> None:
    with transaction(desk.engine) as session:
        while budget.left(session, desk.ticket.resident_id, now=NOW).left > count:
            budget.take(session, desk.ticket.resident_id, now=NOW)


def test_a_phrase_is_put_in_at_the_cursor_filled_and_not_sent(desk: Desk) -> None:
    box(desk).fill("您好。\n回见。")
    box(desk).evaluate("field => field.setSelectionRange(3, 3)")

    find(desk, "接手")
    desk.page.get_by_role("button", name="接手问好").click()

    expect(box(desk)).to_be_focused()
    text = box(desk).input_value()
    assert text.startswith("您好。\n我是社工王芳，您的事（编号 ")
    assert desk.ticket.number in text
    assert text.endswith("\n回见。")
    assert written(desk) == []
    assert desk.problems == []


def test_a_policy_answer_is_read_first_and_goes_with_its_source(desk: Desk, entry: str) -> None:
    find(desk, "工资哪个给")
    expect(desk.page.locator(".pick-text", has_text="由总包单位先垫付")).to_be_visible()
    desk.page.get_by_role("button", name="插入答案和出处").click()
    expect(desk.page.locator("#grounds-note")).to_contain_text("1 条政策依据")

    desk.page.get_by_role("button", name="发送", exact=True).click()

    bubble = desk.page.locator(".say.person", has_text="由总包单位先垫付")
    expect(bubble.locator(".basis")).to_contain_text(QUESTION)
    expect(desk.page.locator("#grounds-note")).to_be_hidden()
    with reading(desk.engine) as session:
        assert session.scalars(select(ReplyGround)).one().outbound_id == written(desk)[0].id
    assert entry
    assert desk.problems == []


def test_what_was_put_in_survives_a_reload(desk: Desk, entry: str) -> None:
    assert entry
    find(desk, "工资哪个给")
    desk.page.get_by_role("button", name="插入答案和出处").click()

    desk.page.reload()

    expect(desk.page.locator("#grounds-note")).to_contain_text("1 条政策依据")
    assert "由总包单位先垫付" in box(desk).input_value()


def test_a_picture_is_chosen_shown_and_sent(desk: Desk) -> None:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "PNG")
    picture = {"name": "表.png", "mimeType": "image/png", "buffer": out.getvalue()}
    desk.page.locator("#enclose").set_input_files(picture)  # type: ignore[arg-type]
    expect(desk.page.locator("#enclosed")).to_contain_text("表.png")

    desk.page.get_by_role("button", name="发送", exact=True).click()

    shown = desk.page.locator(".say.person .picture img")
    expect(shown).to_be_visible()
    expect(shown).to_have_js_property("naturalWidth", 60)
    expect(desk.page.locator("#enclosed")).to_be_hidden()
    assert [row.kind for row in written(desk)] == ["text", "image"]


def test_a_wrong_file_is_told_beside_it_and_the_text_stays(desk: Desk) -> None:
    paper = {"name": "合同.jpg", "mimeType": "image/jpeg", "buffer": b"%PDF-1.7"}
    desk.page.locator("#enclose").set_input_files(paper)  # type: ignore[arg-type]
    box(desk).fill("请看合同")

    desk.page.get_by_role("button", name="发送", exact=True).click()

    expect(desk.page.locator("#file-problem")).to_contain_text("截成图片")
    expect(box(desk)).to_have_value("请看合同")
    assert written(desk) == []


def test_the_last_message_is_asked_for(calm: Desk) -> None:
    has_left(calm, 1)
    box(calm).fill("还有一句话")
    calm.page.get_by_role("button", name="发送", exact=True).click()
    expect(calm.page.locator("#last")).to_contain_text("办理结果就发不出去")
    expect(box(calm)).to_have_value("还有一句话")
    assert written(calm) == []

    calm.page.get_by_role("button", name="先存着，居民来信就发").click()

    bubble = calm.page.locator(".say.person", has_text="还有一句话")
    expect(bubble).to_contain_text("还没发：只剩最后一条")
    expect(calm.page.locator("#last")).to_be_hidden()
    expect(box(calm)).to_have_value("")

    bubble.get_by_role("button", name="用最后一条发").click()

    expect(bubble).to_contain_text("排队")


def test_when_the_resident_writes_the_buttons_open_under_a_draft(calm: Desk) -> None:
    has_left(calm, 0)
    calm.page.reload()
    box(calm).press_sequentially("写到一半")
    expect(calm.page.get_by_role("button", name="存着，来信就发")).to_be_visible()

    with transaction(calm.engine) as session:
        budget.opened_by_message(session, calm.ticket.resident_id, now=NOW)
    calm.hears("我来信了")

    expect(calm.page.get_by_role("button", name="发送", exact=True)).to_be_visible()
    expect(box(calm)).to_have_value("写到一半")
    expect(box(calm)).to_be_focused()


def test_a_call_instead_keeps_what_was_typed(calm: Desk) -> None:
    has_left(calm, 0)
    calm.page.reload()
    box(calm).press_sequentially("批下来了")

    calm.page.get_by_role("button", name="改为打电话").click()

    expect(calm.page.locator("#tasks")).to_contain_text("打电话告诉居民：批下来了")
    expect(box(calm)).to_have_value("批下来了")


def test_typing_is_told_and_not_with_every_key(desk: Desk) -> None:
    told: list[str] = []
    desk.page.on("request", lambda asked: told.append(asked.url))

    with desk.page.expect_response("**/typing"):
        box(desk).press_sequentially("您别急，我在看", delay=20)

    with reading(desk.engine) as session:
        assert session.scalars(select(TypingSign.resident_id)).all() == [desk.ticket.resident_id]
    assert len([url for url in told if url.endswith("/typing")]) == 1


def a_voice(desk: Desk, folder: Path) -> None:
    """A voice message of two seconds, fetched and prepared."""
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    (folder / FOLDER / "v.amr").write_bytes(an_amr(speech(100)))
    with transaction(desk.engine) as session:
        message = InboundMessage(
            key="voice", resident_id=desk.ticket.resident_id, kind="voice", text="老板没给钱",
            sent_at=NOW, received_at=NOW, lease_until=NOW, ticket_id=desk.ticket.id,
        )  # fmt: skip
        session.add(message)
        session.flush()
        row = Media(
            inbound_id=message.id, media_id="m", state="stored", path="v.amr",
            content_type="audio/amr", not_before=NOW,
        )  # fmt: skip
        session.add(row)
        session.flush()
        raw = previews.raw_of(session, row.id)
        assert raw is not None
        made = previews.make(raw, folder=folder)
        previews.keep(session, raw, made, folder=folder, now=NOW)


def test_a_voice_plays_in_the_browser(desk: Desk, settings: Settings) -> None:
    a_voice(desk, settings.service.data_dir)
    player = desk.page.locator(".say.resident audio")
    expect(player).to_be_visible()

    player.evaluate("sound => { sound.muted = true; return sound.play(); }")

    assert 1.8 < player.evaluate("sound => sound.duration") < 2.3
    expect(desk.page.locator(".say.resident", has_text="老板没给钱")).to_contain_text(
        "微信转的文字"
    )


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_everybody_can_use_what_is_open(
    calm: Desk, entry: str, settings: Settings, size: ViewportSize
) -> None:
    assert entry
    a_voice(calm, settings.service.data_dir)
    calm.page.set_viewport_size(size)
    calm.page.reload()
    find(calm, "工资")
    expect(calm.page.locator(".picks").first).to_be_visible()

    found = Axe().run(calm.page)["violations"]

    assert [(it["id"], it["nodes"][0]["html"][:200]) for it in found] == []
    assert calm.page.evaluate("document.documentElement.scrollWidth") == size["width"]
    if size == PHONE:
        assert too_small(calm.page) == []
