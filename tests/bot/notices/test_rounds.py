"""While nobody looks, a notice goes on from channel to channel."""

from sqlalchemy import select, update

from bot.db.engine import transaction
from bot.notices import seen
from bot.notices.queue import notify
from bot.notices.tables import Channel, Fate, NoticeKind, StaffNotice, StaffWeChat
from bot.people.tables import Staff
from bot.tickets.tables import Ticket
from tests.bot.notices.conftest import ALL, House
from tests.builders import a_caseworker, a_ticket

AT_NIGHT = {"hours": 13}  # ten in the morning and thirteen hours: eleven at night
NIGHT = {"quiet_from": "21:30", "quiet_until": "07:30"}


def test_an_unseen_notice_tries_one_channel_after_the_other(house: House) -> None:
    house.tell()

    house.work()
    assert house.taken() == []  # the console has it alone for a minute
    house.work(minutes=1)
    assert house.taken() == [Channel.WECHAT]
    house.work(minutes=9)
    assert house.taken() == [Channel.WECHAT]
    house.work(minutes=1)
    assert house.taken() == [Channel.WECHAT, Channel.WECOM]
    house.work(minutes=10)
    assert house.taken() == list(ALL)
    house.work(hours=5)
    assert house.taken() == list(ALL)
    assert house.fates() == [("console", Fate.SENT), *((way, Fate.SENT) for way in ALL)]


def test_what_was_seen_goes_no_further(house: House) -> None:
    house.tell()
    house.work(minutes=2)

    with transaction(house.engine) as session:
        seen.mark(session, house.person.id, now=house.clock())
    house.work(hours=1)

    assert house.fates() == [("console", Fate.SEEN), ("wechat", Fate.SENT)]


def test_the_order_and_the_wait_are_ones_own(house: House) -> None:
    house.wishes(channels=(Channel.EMAIL, Channel.WECHAT), next_minutes=3)
    house.tell()

    house.work(minutes=1)
    assert house.taken() == [Channel.EMAIL]
    house.work(minutes=3)
    assert sorted(house.taken()) == [Channel.EMAIL, Channel.WECHAT]


def test_a_channel_without_an_address_is_passed_over(house: House) -> None:
    with transaction(house.engine) as session:
        session.delete(session.get_one(StaffWeChat, house.person.id))
    house.tell()

    house.work(minutes=1)

    assert house.taken() == [Channel.WECOM]


def test_an_urgent_notice_goes_on_sooner(house: House) -> None:
    house.tell(urgent=True)

    house.work()
    assert house.taken() == [Channel.WECHAT]
    house.work(minutes=2)
    assert house.taken() == [Channel.WECHAT, Channel.WECOM]


def test_a_crisis_goes_over_every_channel_at_once_at_night_too(house: House) -> None:
    house.wishes(**NIGHT)
    house.clock.move(**AT_NIGHT)

    house.tell(NoticeKind.CRISIS_PAGE)
    house.work()

    assert house.taken() == list(ALL)


def test_the_night_ends_with_one_digest(house: House) -> None:
    house.wishes(**NIGHT)
    house.clock.move(**AT_NIGHT)
    for number in range(3):
        house.tell(once=f"m{number}")

    house.work(hours=8, minutes=29)
    assert house.taken() == []
    house.work(minutes=1)

    [parcel] = house.posts[Channel.WECHAT].took
    assert parcel.text == "您有3条新提醒，请到工作台查看"
    assert house.fates().count(("wechat", Fate.SENT)) == 3


def test_what_was_seen_in_the_night_is_in_no_digest(house: House) -> None:
    house.wishes(**NIGHT)
    house.clock.move(**AT_NIGHT)
    house.tell(once="before")
    with transaction(house.engine) as session:
        seen.mark(session, house.person.id, now=house.clock())
    house.tell(once="after")

    house.work(hours=9)

    [parcel] = house.posts[Channel.WECHAT].took
    assert parcel.text == "有同事在备注里提到您，请到工作台查看"


def test_who_lost_the_ticket_is_not_called_to_it(house: House) -> None:
    with transaction(house.engine) as session:
        person = session.get_one(Staff, house.person.id)
        ticket = a_ticket(session, assignee=person, state="dispatched")
        notify(
            session, staff_id=person.id, kind=NoticeKind.ASSIGNED, ticket_id=ticket.id,
            now=house.clock(), once="assigned",
        )  # fmt: skip
        other = a_caseworker(session)
        session.execute(update(Ticket).where(Ticket.id == ticket.id).values(assignee_id=other.id))

    house.work(minutes=5)

    assert house.taken() == []
    with transaction(house.engine) as session:
        assert session.scalars(select(StaffNotice.next_at)).one() is None


def test_who_left_is_told_nothing(house: House) -> None:
    house.tell(urgent=True)
    with transaction(house.engine) as session:
        session.get_one(Staff, house.person.id).active = False

    house.work()

    assert house.taken() == []
