"""The notice of a new reply, where WeChat lets us write nothing else."""

from datetime import timedelta

import pytest

from bot.errors import InvalidInputError
from bot.outbox import Kind, SendState
from bot.people.tables import Resident
from bot.replies.reach import notify, reach
from bot.settings import Settings
from bot.wording import NEW_REPLY
from tests.bot.replies.conftest import Desk
from tests.conftest import NOW

FIELD_TAKES = 20


def send_notice(desk: Desk, settings: Settings, once: str = "once-1234") -> None:
    notify(desk.session, desk.ticket.number, by=desk.act(), once=once, settings=settings)


def test_a_notice_says_nothing_of_the_matter_and_fits(desk: Desk, settings: Settings) -> None:
    desk.has_left(0)

    send_notice(desk, settings)

    [row] = desk.rows()
    assert (row.kind, row.text, row.state) == (Kind.NOTICE, NEW_REPLY, SendState.QUEUED)
    assert len(NEW_REPLY) <= FIELD_TAKES


def test_one_notice_is_enough_until_the_resident_writes(desk: Desk, settings: Settings) -> None:
    desk.has_left(0)
    send_notice(desk, settings)

    with pytest.raises(InvalidInputError, match="已经发过提醒"):
        send_notice(desk, settings, "once-5678")

    resident = desk.session.get_one(Resident, desk.ticket.resident_id)
    resident.last_inbound_at = NOW + timedelta(minutes=1)
    assert reach(desk.session, resident, settings=settings, now=NOW).may_notify


def test_a_refused_notice_may_be_tried_again(desk: Desk, settings: Settings) -> None:
    desk.has_left(0)
    send_notice(desk, settings)
    desk.rows()[0].state = SendState.REFUSED

    send_notice(desk, settings, "once-5678")

    assert len(desk.rows()) == 2


def test_where_one_can_write_no_notice_is_needed(desk: Desk, settings: Settings) -> None:
    with pytest.raises(InvalidInputError, match="可以直接回复"):
        send_notice(desk, settings)


def test_who_left_gets_none(desk: Desk, settings: Settings) -> None:
    desk.has_left(0)
    desk.session.get_one(Resident, desk.ticket.resident_id).following = False

    with pytest.raises(InvalidInputError, match="取消关注"):
        send_notice(desk, settings)


def test_without_a_template_there_is_none(desk: Desk, settings: Settings) -> None:
    desk.has_left(0)
    real = settings.model_copy(
        update={"service": settings.service.model_copy(update={"mode": "production"})}
    )

    with pytest.raises(InvalidInputError, match="没有设置通知模板"):
        send_notice(desk, real)
