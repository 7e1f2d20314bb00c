"""A ticket's page: the conversation, who may see it, and what happened to each message."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.conversation.tables import AnswerGiven
from bot.db.engine import transaction
from bot.inbox import InboundMessage
from bot.media import FOLDER, Media
from bot.outbox import OutboundMessage, SendState
from bot.people.tables import Resident, Staff
from bot.settings import Settings
from bot.tickets.tables import Ticket
from bot.wechat import budget
from tests.bot.knowledge.builders import an_entry, newest
from tests.builders import a_ticket
from tests.conftest import NOW
from tests.handlers.console.conftest import Browser

PNG = b"\x89PNG\r\n\x1a\n picture"


def heard(session: Session, ticket: Ticket, text: str = "在小板桥", **columns: object) -> int:
    values: dict[str, object] = {
        "key": f"k{text}{columns}",
        "kind": "text",
        "ticket_id": ticket.id,
        "received_at": NOW,
    }
    message = InboundMessage(
        resident_id=ticket.resident_id, text=text, sent_at=NOW, lease_until=NOW,
        **(values | columns),
    )  # fmt: skip
    session.add(message)
    session.flush()
    return message.id


def said(session: Session, ticket: Ticket, text: str, **columns: object) -> None:
    values: dict[str, object] = {"by_machine": False, "ticket_id": ticket.id, "created_at": NOW}
    message = OutboundMessage(
        resident_id=ticket.resident_id, text=text, not_before=NOW, queued_at=NOW,
        **(values | columns),
    )  # fmt: skip
    session.add(message)
    session.flush()


def a_picture(session: Session, ticket: Ticket, folder: Path) -> int:
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    (folder / FOLDER / "a.png").write_bytes(PNG)
    media = Media(
        inbound_id=heard(session, ticket, "", kind="image"), media_id="m", state="stored",
        path="a.png", content_type="image/png", not_before=NOW,
    )  # fmt: skip
    session.add(media)
    session.flush()
    return media.id


def test_resident_bot_and_person_are_told_apart(
    desk: Browser, engine: Engine, ticket: Ticket
) -> None:
    with transaction(engine) as session:
        heard(session, ticket, "工钱没给<script>", reply="收到了，已登记", answered_at=NOW)
        said(session, ticket, "您在哪？\n——社工王芳")

    page = desk.open(f"/tickets/{ticket.number}").text

    assert "工钱没给&lt;script&gt;" in page
    for who in ("say resident", "say bot", "say person"):
        assert f'class="{who}"' in page


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"state": SendState.QUEUED}, ["排队"]),
        ({"state": SendState.ACCEPTED}, ["已送达微信"]),
        ({"state": SendState.HELD}, ["还没发", "居民再来信时会自动补发"]),
        (
            {"state": SendState.REFUSED, "outcome": "not_following"},
            ["没有送到", "取消关注", "电话"],
        ),
        ({"state": SendState.ACCEPTED, "doubtful": True}, ["可能送达两次"]),
        ({"state": SendState.WITHDRAWN, "doubtful": True}, ["没有再发 · 可能已经送到"]),
    ],
)
def test_each_message_shows_its_fate(
    desk: Browser, engine: Engine, ticket: Ticket, columns: dict[str, object], says: list[str]
) -> None:
    with transaction(engine) as session:
        said(session, ticket, "好", **columns)

    page = desk.open(f"/tickets/{ticket.number}").text

    assert all(words in page for words in says)


def test_what_was_written_at_one_moment_stands_in_order(
    desk: Browser, engine: Engine, ticket: Ticket
) -> None:
    with transaction(engine) as session:
        for number in range(12):
            said(session, ticket, f"第{number:02d}句")

    page = desk.open(f"/tickets/{ticket.number}").text

    places = [page.index(f"第{number:02d}句") for number in range(12)]
    assert places == sorted(places)


def test_a_reply_sent_through_the_outbox_is_shown_once(
    desk: Browser, engine: Engine, ticket: Ticket
) -> None:
    with transaction(engine) as session:
        cause = heard(session, ticket, reply="第一段\n第二段", answered_at=NOW)
        said(session, ticket, "第二段", by_machine=True, inbound_id=cause)

    page = desk.open(f"/tickets/{ticket.number}").text

    assert page.count("第一段") == page.count("第二段") == 1


def test_what_belongs_to_another_ticket_stays_there(
    desk: Browser, engine: Engine, ticket: Ticket
) -> None:
    with transaction(engine) as session:
        resident = session.get_one(Resident, ticket.resident_id)
        other = a_ticket(session, resident=resident, state="closed")
        heard(session, other, "另一件事")
        heard(
            session, ticket, "先问过机器人", ticket_id=None, received_at=NOW - timedelta(hours=1)
        )
        heard(session, ticket, "去年的话", ticket_id=None, received_at=NOW - timedelta(days=300))

    page = desk.open(f"/tickets/{ticket.number}").text

    assert "另一件事" not in page
    assert "去年的话" not in page
    assert "先问过机器人" in page


def test_the_budget_stands_beside_the_button(
    desk: Browser, engine: Engine, ticket: Ticket
) -> None:
    empty = desk.open(f"/tickets/{ticket.number}").text
    with transaction(engine) as session:
        budget.opened_by_message(session, ticket.resident_id, now=NOW - timedelta(hours=17))

    page = desk.open(f"/tickets/{ticket.number}").text

    assert "微信现在不让发" in empty
    assert "还可回复 4 条，剩 31 小时；另留 1 条发结果" in page


def test_facts_reason_and_history_are_shown(desk: Browser, engine: Engine, worker: Staff) -> None:
    with transaction(engine) as session:
        ticket = a_ticket(
            session,
            assignee=session.get_one(Staff, worker.id),
            reason="法律援助·官渡区，在班3人中手上最少（4件）",
            facts={
                "place": ["官渡", "小板桥"],
                "amount_yuan": 60000,
                "person": ["包工头"],
                "date_span": ["2026-06-01/2026-06-30", "2026-07-16T15:00"],
            },
            area_code="530111",
        )

    page = desk.open(f"/tickets/{ticket.number}").text

    for words in ("在班3人中手上最少", "官渡、小板桥", "60000", "昆明市官渡区", "包工头"):
        assert words in page
    assert "2026年6月1日至6月30日、2026年7月16日 15:00" in page


def test_a_colleagues_ticket_looks_like_none(desk: Browser, engine: Engine) -> None:
    with transaction(engine) as session:
        others = a_ticket(session, summary="别人的秘密")

    answers = [desk.open(f"/tickets/{number}") for number in (others.number, "2603-9999")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert "别人的秘密" not in answers[0].text


def test_a_picture_is_served_to_who_may_see_the_ticket(
    desk: Browser, engine: Engine, ticket: Ticket, settings: Settings
) -> None:
    with transaction(engine) as session:
        media_id = a_picture(session, ticket, settings.service.data_dir)

    answer = desk.client.get(f"/tickets/{ticket.number}/media/{media_id}", buffered=True)

    assert answer.data == PNG
    assert answer.content_type == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert f"/media/{media_id}" in desk.open(f"/tickets/{ticket.number}").text


def test_a_colleagues_picture_is_not_served_under_ones_own_ticket(
    desk: Browser, engine: Engine, ticket: Ticket, settings: Settings
) -> None:
    with transaction(engine) as session:
        others = a_ticket(session)
        media_id = a_picture(session, others, settings.service.data_dir)

    paths = (f"/tickets/{number}/media/{media_id}" for number in (ticket.number, others.number))

    assert [desk.open(path).status_code for path in paths] == [404, 404]


def test_nothing_on_the_page_runs_inline(desk: Browser, ticket: Ticket) -> None:
    page = desk.open(f"/tickets/{ticket.number}").text

    assert " style=" not in page
    assert " onclick=" not in page
    assert "<script>" not in page


def test_what_an_answer_rested_on_stands_below_it(
    desk: Browser, engine: Engine, ticket: Ticket
) -> None:
    with transaction(engine) as session:
        entry_id = an_entry(session)
        version = newest(session, entry_id)
        asked = heard(session, ticket, "找哪个", reply="可以打12333投诉。", answered_at=NOW)
        session.add(
            AnswerGiven(
                resident_id=ticket.resident_id, inbound_id=asked, version_id=version.id,
                confidence=0.9, at=NOW, quote="可以打12333投诉。", useful=False,
                clauses=[{"title": "旧的条例", "article": "第九条"}],
            )
        )  # fmt: skip

    page = desk.open(f"/tickets/{ticket.number}").text

    assert "依据：老板拖欠工资怎么办" in page
    assert "引的原句：可以打12333投诉。" in page
    assert "旧的条例 · 第九条" in page  # as it was sent, whatever the entry says today
    assert f"{entry_id} 第 1 版" in page
    assert "居民说没用" in page
    assert page.count("依据：") == 1
