"""A caseworker works from WeChat: with the same guards as in the console, and no case content."""

import pytest
from sqlalchemy import select

from bot.audit import AuditEvent
from bot.db.engine import reading, transaction
from bot.notices import seen
from bot.notices.queue import notify
from bot.notices.tables import Fate, NoticeDelivery, NoticeKind, StaffNotice
from bot.people.tables import Role, Staff
from bot.tickets.change import note_event
from bot.tickets.tables import State, Ticket
from bot.wechat import budget
from tests.bot.staff_line.conftest import Office
from tests.builders import a_caseworker
from tests.conftest import NOW


def test_a_ticket_is_accepted(office: Office) -> None:
    ticket = office.ticket()

    said = office.phone.says(f"接 {ticket.number}")

    assert "已签收" in said
    assert office.now_of(ticket).state == State.IN_PROGRESS


def test_an_answer_reaches_the_resident_signed(office: Office) -> None:
    ticket = office.ticket()
    with transaction(office.engine) as session:
        budget.opened_by_message(session, ticket.resident_id, now=NOW)
    office.phone.says(f"接 {ticket.number}")

    said = office.phone.says(f"回 {ticket.number} 您好，材料收到了，明天给您办")

    assert f"{ticket.number} 正在发给居民" in said
    assert "还可回复" in said
    assert any("您好，材料收到了" in text and "王芳" in text for text in office.sent(ticket))


@pytest.mark.parametrize(("left", "why"), [(0, "现在微信发不出去"), (1, "留着发结果")])
def test_an_answer_that_waits_is_not_called_sent(office: Office, left: int, why: str) -> None:
    ticket = office.ticket(state="in_progress")
    with transaction(office.engine) as session:
        budget.opened_by_message(session, ticket.resident_id, now=NOW)
        for _ in range(budget.MESSAGE_LEFT - left):
            budget.take(session, ticket.resident_id, now=NOW)

    said = office.phone.says(f"回 {ticket.number} 您好")

    assert f"{ticket.number} 存下了，还没有发" in said
    assert why in said


def test_wechats_repeat_sends_once(office: Office) -> None:
    ticket = office.ticket()

    first, again = (
        office.phone.says(f"回 {ticket.number} 收到了", key="m:same") for _ in range(2)
    )

    assert first == again
    assert len([text for text in office.sent(ticket) if "收到了" in text]) == 1


def test_what_others_did_meanwhile_is_said_before_anything_is_sent(office: Office) -> None:
    ticket = office.ticket(state="in_progress")
    office.phone.says(f"看 {ticket.number}")
    with transaction(office.engine) as session:
        supervisor = a_caseworker(session, name="李督导", role=Role.SUPERVISOR)
        row = session.get_one(Ticket, ticket.id)
        note_event(session, row, "reply", now=NOW, staff=supervisor)

    refused = office.phone.says(f"回 {ticket.number} 您好")
    sent_then = office.sent(ticket)
    meant = office.phone.says(f"回 {ticket.number} 您好")

    assert "什么都没有发" in refused
    assert "李督导" in refused
    assert sent_then == []
    assert f"{ticket.number} 存下了" in meant
    assert len(office.sent(ticket)) == 1


def test_anothers_ticket_looks_like_none(office: Office) -> None:
    with transaction(office.engine) as session:
        other = a_caseworker(session)
    ticket = office.ticket(of=other)

    for text in ("接 {}", "回 {} 您好", "看 {}"):
        said = office.phone.says(text.format(ticket.number))
        assert said == f"没有找到 {ticket.number}，或者不归您看。"

    assert office.sent(ticket) == []
    assert "没有找到" in office.phone.says("接 2699-0001")


def test_an_admin_gets_at_no_ticket(office: Office) -> None:
    ticket = office.ticket()
    office.set(lambda _, person: setattr(person, "role", Role.ADMIN))

    assert "没有找到" in office.phone.says(f"回 {ticket.number} 您好")
    assert "没有正在办" in office.phone.says("我的")


def test_ones_own_tickets_are_numbers_and_topics(office: Office) -> None:
    assert "没有正在办" in office.phone.says("我的")
    first = office.ticket(summary="老板跑了，工钱没给")
    hidden = office.ticket(lane="violence")

    said = office.phone.says("我的")

    assert "2 张" in said
    assert f"{first.number} 欠薪讨薪" in said or first.number in said
    assert f"{hidden.number} 保密" in said
    assert "老板" not in said


def test_words_of_the_case_are_shown_only_where_that_is_set(office: Office) -> None:
    ticket, hidden = office.ticket(), office.ticket(lane="minor")

    assert "老板" not in office.phone.says(f"看 {ticket.number}")
    office.with_alerts(show_last_words=True)

    assert "老板跑了" in office.phone.says(f"看 {ticket.number}", key="m:again")
    assert "老板" not in office.phone.says(f"看 {hidden.number}", key="m:hidden")
    with reading(office.engine) as session:
        looks = session.scalars(select(AuditEvent).where(AuditEvent.deed == "ticket.read")).all()
    assert [(it.staff_id, it.subject) for it in looks] == [
        (office.staff.id, f"ticket:{ticket.number}")
    ]


@pytest.mark.parametrize(("word", "on"), [("下班", False), ("上班", True)])
def test_duty_is_set(office: Office, word: str, *, on: bool) -> None:
    office.set(lambda _, person: setattr(person, "on_duty", not on))

    assert word in office.phone.says(word)

    with reading(office.engine) as session:
        assert session.get_one(Staff, office.staff.id).on_duty is on


def test_too_many_in_a_minute_are_not_done(office: Office) -> None:
    office.with_alerts(commands_per_minute=3)
    ticket = office.ticket()
    for number in range(3):
        office.phone.says("帮助", key=f"m:{number}")

    assert "发得太快" in office.phone.says(f"接 {ticket.number}", key="m:4")
    assert office.now_of(ticket).state == State.DISPATCHED
    office.clock.move(minutes=1)
    assert "已签收" in office.phone.says(f"接 {ticket.number}", key="m:5")


def test_a_binding_runs_out(office: Office) -> None:
    ticket = office.ticket()
    office.clock.move(days=90)

    assert "到期" in office.phone.says(f"接 {ticket.number}")
    assert office.now_of(ticket).state == State.DISPATCHED


def test_ending_ones_logins_ends_the_phone_too(office: Office) -> None:
    ticket = office.ticket()
    office.set(lambda _, person: setattr(person, "session_epoch", 1))

    assert "到期" in office.phone.says(f"接 {ticket.number}")


def test_who_left_is_a_resident_like_any_other(office: Office) -> None:
    ticket = office.ticket()
    office.set(lambda _, person: setattr(person, "active", False))

    said = office.phone.says(f"接 {ticket.number}")

    assert "已签收" not in said
    assert office.now_of(ticket).state == State.DISPATCHED


def test_a_residents_phone_has_no_commands(office: Office) -> None:
    ticket = office.ticket()

    said = office.resident.says(f"接 {ticket.number}")

    assert "已签收" not in said
    assert office.now_of(ticket).state == State.DISPATCHED


def test_doing_it_in_wechat_counts_as_seen_there(office: Office) -> None:
    ticket = office.ticket()
    with transaction(office.engine) as session:
        notify(
            session, staff_id=office.staff.id, kind=NoticeKind.ASSIGNED, ticket_id=ticket.id,
            now=NOW, once="assigned",
        )  # fmt: skip
        notice = session.scalars(select(StaffNotice)).one()
        session.add(
            NoticeDelivery(
                notice_id=notice.id, channel="wechat", state=Fate.SENT, not_before=NOW, at=NOW
            )
        )

    office.phone.says(f"接 {ticket.number}")

    with reading(office.engine) as session:
        [told] = seen.newest(session, office.staff.id)
    assert told.notice.seen_at == NOW
    assert [(row.channel, row.state) for row in told.deliveries] == [
        ("console", Fate.SENT), ("wechat", Fate.SEEN),
    ]  # fmt: skip
