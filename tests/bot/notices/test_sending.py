"""What became of a notice is written down, and a dead channel is said aloud."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.db.engine import reading, transaction
from bot.errors import SendLaterError, SendRefusedError
from bot.inbox import InboundMessage
from bot.notices import seen, sending, trouble
from bot.notices.tables import Channel, Fate, NoticeDelivery, NoticeKind, StaffNotice
from bot.people.tables import Role
from tests.bot.notices.conftest import LEASE, House
from tests.builders import a_caseworker, a_resident
from tests.conftest import NOW


def reasons(house: House) -> list[str]:
    with reading(house.engine) as session:
        return list(
            session.scalars(
                select(NoticeDelivery.reason).order_by(NoticeDelivery.notice_id, NoticeDelivery.id)
            )
        )


def told_of_trouble(house: House, staff_id: int) -> int:
    with reading(house.engine) as session:
        broken = select(StaffNotice).where(
            StaffNotice.kind == NoticeKind.CHANNEL_BROKEN, StaffNotice.staff_id == staff_id
        )
        return len(session.scalars(broken).all())


def test_what_is_refused_goes_to_the_next_channel_at_once(house: House) -> None:
    house.posts[Channel.WECHAT].fails = [SendRefusedError(43004, "not_following")]
    house.tell()

    house.work(minutes=1)

    assert house.fates()[1:3] == [("wechat", Fate.REFUSED), ("wecom", Fate.SENT)]
    assert reasons(house)[1] == "not_following"


def test_a_dead_channel_is_told_the_person_and_the_admins(house: House) -> None:
    with transaction(house.engine) as session:
        admin = a_caseworker(session, role=Role.ADMIN)
    house.posts[Channel.WECHAT].fails = [SendRefusedError(43004, "not_following")]
    house.tell()

    house.work(minutes=1)

    assert told_of_trouble(house, house.person.id) == told_of_trouble(house, admin.id) == 1
    with reading(house.engine) as session:
        [found] = trouble.everybodys(session)
        assert (found.name, found.channel, found.reason) == ("王芳", "wechat", "not_following")
        assert seen.bell(session, house.person.id).trouble


def test_the_warning_ends_when_the_channel_works_again(house: House) -> None:
    house.posts[Channel.WECHAT].fails = [SendRefusedError(43004, "not_following")]
    house.tell(once="first")
    house.work(minutes=1)

    house.tell(once="second")
    house.work(minutes=2)

    with reading(house.engine) as session:
        assert trouble.everybodys(session) == []


def test_a_dead_token_is_tried_again_and_does_not_hold_the_notice_up(house: House) -> None:
    house.posts[Channel.WECHAT].fails = [SendLaterError(40001, "token")] * 3
    house.tell(urgent=True)

    house.work()
    assert house.fates()[1] == ("wechat", Fate.QUEUED)
    house.work(minutes=1)
    house.work(minutes=1)

    assert house.taken()[0] == Channel.WECOM
    with reading(house.engine) as session:
        assert trouble.everybodys(session)[0].reason == "token"
    house.work(minutes=10)
    assert ("wechat", Fate.SENT) in house.fates()


def test_one_dead_token_is_told_an_admin_once_for_all(house: House) -> None:
    with transaction(house.engine) as session:
        admin = a_caseworker(session, role=Role.ADMIN)
        for _ in range(3):
            other = a_caseworker(session)
            trouble.warn(session, staff_id=other.id, channel="wechat", reason="token", now=NOW)

    assert told_of_trouble(house, admin.id) == 1


def test_what_cannot_be_sent_for_a_day_is_given_up(house: House) -> None:
    house.wishes(channels=(Channel.WECHAT,))
    house.posts[Channel.WECHAT].fails = [SendLaterError(None, "network")] * 10
    house.tell()
    house.work(minutes=1)

    house.work(hours=25)

    assert (house.fates()[1], reasons(house)[1]) == (("wechat", Fate.REFUSED), "given_up")


def test_a_parcel_is_claimed_once_while_its_lease_runs(house: House) -> None:
    house.tell(urgent=True)
    house.posts = {}
    house.work()
    with transaction(house.engine) as session:
        row = session.scalars(select(NoticeDelivery).order_by(-NoticeDelivery.id)).first()
        assert row is not None
        row.state, row.not_before = Fate.QUEUED, house.clock()
    with transaction(house.engine) as session:
        first = sending.claim(session, now=house.clock(), lease=LEASE)
        second = sending.claim(session, now=house.clock(), lease=LEASE)
        later = sending.claim(session, now=house.clock() + LEASE, lease=LEASE)

    assert first is not None
    assert second is None
    assert later is not None
    assert later.once == first.once


def test_a_result_that_comes_after_the_lease_is_dropped(house: House) -> None:
    house.wishes(channels=(Channel.WECHAT,))
    with transaction(house.engine) as session:
        notice = StaffNotice(
            staff_id=house.person.id, kind="assigned", once="t", created_at=NOW, urgent=True
        )
        session.add(notice)
        session.flush()
        session.add(NoticeDelivery(notice_id=notice.id, channel="wechat", not_before=NOW, at=NOW))
    with transaction(house.engine) as session:
        old = sending.claim(session, now=NOW, lease=LEASE)
        new = sending.claim(session, now=NOW + LEASE, lease=LEASE)
        assert old is not None
        assert new is not None
        refused = sending.Result(Fate.REFUSED, "bad_openid")
        sending.note_result(session, old, refused, now=NOW + timedelta(minutes=1))

    assert house.fates() == [("wechat", Fate.QUEUED)]


@pytest.mark.parametrize(
    ("status", "state", "reason"),
    [
        ("success", Fate.DELIVERED, ""),
        ("failed:user block", Fate.REFUSED, "user_block"),
        ("failed: system failed", Fate.REFUSED, "system_failed"),
    ],
)
def test_wechat_says_later_whether_it_arrived(
    house: House, status: str, state: str, reason: str
) -> None:
    house.tell()
    house.work(minutes=1)

    with transaction(house.engine) as session:
        sending.note_finished(session, "wechat-1", status, now=house.clock())
    house.work()

    assert (house.fates()[1], reasons(house)[1]) == (("wechat", state), reason)
    on = [Channel.WECOM] if reason else []
    assert [way for way in house.taken() if way != Channel.WECHAT] == on


def test_a_report_may_come_before_our_note_of_the_number(house: House) -> None:
    with transaction(house.engine) as session:
        resident = a_resident(session, openid="o-wang")
        report = InboundMessage(
            key="e:1", resident_id=resident.id, kind=sending.FINISHED, sent_at=NOW,
            received_at=NOW, lease_until=NOW, details={"MsgID": "wechat-1", "Status": "success"},
        )  # fmt: skip
        session.add(report)
    house.tell()

    house.work(minutes=1)

    assert house.fates()[1] == ("wechat", Fate.DELIVERED)


def test_seen_before_it_was_sent_means_not_sent(house: House) -> None:
    house.posts[Channel.WECHAT].fails = [SendLaterError(None, "network")]
    house.tell()
    house.work(minutes=1)

    with transaction(house.engine) as session:
        assert seen.mark(session, house.person.id, now=house.clock()) == 1
    house.work(minutes=5)

    assert house.fates() == [("console", Fate.SEEN), ("wechat", Fate.SPARED)]
    assert house.taken() == []


def test_urgent_ones_are_never_bundled(house: House) -> None:
    for number in range(2):
        house.tell(urgent=True, once=f"u{number}")

    house.work()

    assert [parcel.text for parcel in house.posts[Channel.WECHAT].took] == [
        "有同事在备注里提到您，请到工作台查看"
    ] * 2
