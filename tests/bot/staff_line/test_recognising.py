"""Who writes: a caseworker at work, somebody with a worry, or a phone that is being bound."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.contracts import Intent
from bot.db.engine import reading, transaction
from bot.inbox import InboundMessage
from bot.notices import binding
from bot.notices.sending import FINISHED
from bot.notices.tables import BindingOffer, Fate, NoticeDelivery, StaffNotice
from bot.tickets import thread
from bot.tickets.tables import Ticket
from tests.bot.chat import Chat
from tests.bot.staff_line.conftest import OPENID, Office
from tests.conftest import NOW


def test_what_is_no_command_opens_no_ticket(office: Office) -> None:
    text = office.nlu.teach("我要找人帮忙", Intent.HELP_REQUEST)

    assert "没看懂" in office.phone.says(text)
    assert "只认文字" in office.phone.sends("image")
    assert office.residents_tickets(office.phone) == 0


def test_danger_is_never_held_up_by_a_binding(office: Office) -> None:
    said = office.phone.says("我不想活了")

    assert "12356" in said
    assert office.residents_tickets(office.phone) == 1


def test_who_is_also_a_resident_says_so(office: Office) -> None:
    text = office.nlu.teach("老板跑了，工钱没给，帮帮我", Intent.HELP_REQUEST)
    assert "居民身份" in office.phone.says("我是居民")

    office.phone.says(text)
    assert office.residents_tickets(office.phone) == 1
    assert "换回社工身份" in office.phone.says("我是社工")
    assert "没看懂" in office.phone.says(text)

    office.phone.says("我是居民")
    office.clock.move(hours=12)
    assert "没看懂" in office.phone.says(text)


def test_what_staff_write_is_not_kept_as_a_residents_words(office: Office) -> None:
    office.nlu.teach("老板跑了", Intent.HELP_REQUEST)
    office.phone.says("我是居民")
    office.phone.says("老板跑了")
    office.phone.says("我是社工")
    ticket = office.ticket()
    office.phone.says(f"回 {ticket.number} 您的低保批了")
    office.phone.says_late("我的")

    with reading(office.engine) as session:
        own = session.scalars(select(Ticket).where(Ticket.id != ticket.id)).one()
        shown = thread.bubbles(session, own, deeds=[])
        kept = session.scalars(select(InboundMessage.text)).all()
    assert [bubble.text for bubble in shown if ticket.number in bubble.text] == []
    assert not any("低保批了" in text for text in kept)


@pytest.mark.parametrize("how", ["event.scan", "event.subscribe"])
def test_scanning_the_code_gives_the_number(office: Office, how: str) -> None:
    with transaction(office.engine) as session:
        scene = binding.offer(session, office.staff.id, now=NOW).scene
    key = f"qrscene_{scene}" if how == "event.subscribe" else f"{scene}"
    stranger = Chat(office.line, "o-new-phone")

    said = stranger.sends(how, details={"EventKey": key, "Ticket": "t"})

    with reading(office.engine) as session:
        made = session.scalars(select(BindingOffer)).one()
        assert session.scalar(select(func.count()).select_from(Ticket)) == 0
        assert session.scalars(select(InboundMessage.details)).one() == {}
    assert made.openid == "o-new-phone"
    assert made.number in said
    office.clock.move(minutes=10)
    late = stranger.sends(how, key="late", details={"EventKey": key})
    assert "过期" in late


def test_wechats_report_reaches_the_notice(office: Office) -> None:
    with transaction(office.engine) as session:
        notice = StaffNotice(
            staff_id=office.staff.id, kind="assigned", once="x", created_at=NOW, urgent=False
        )
        session.add(notice)
        session.flush()
        session.add(
            NoticeDelivery(
                notice_id=notice.id, channel="wechat", state=Fate.SENT, provider_id="77",
                not_before=NOW, at=NOW,
            )
        )  # fmt: skip

    details = {"MsgID": "77", "Status": "failed:user block"}
    said = Chat(office.line, OPENID).sends(FINISHED, details=details)

    assert said == ""
    with reading(office.engine) as session:
        row = session.scalars(select(NoticeDelivery).order_by(NoticeDelivery.id)).first()
        assert row is not None
        assert (row.state, row.reason) == (Fate.REFUSED, "user_block")
        notice = session.get_one(StaffNotice, row.notice_id)
        assert notice.next_at == NOW + timedelta(0)
