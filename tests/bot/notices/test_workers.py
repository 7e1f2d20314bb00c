"""Several workers at what staff are told, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from sqlalchemy import Engine, select

from bot.db.engine import transaction
from bot.notices import preferences, rounds, seen, sending
from bot.notices.queue import notify
from bot.notices.sending import Parcel
from bot.notices.tables import Channel, Fate, NoticeDelivery, NoticeKind, StaffNotice, StaffWeChat
from bot.settings import Settings
from tests.bot.notices.conftest import LEASE, WISHES
from tests.builders import a_caseworker
from tests.conftest import NOW

PEOPLE, NOTICES, WORKERS = 4, 5, 4


class CountingPost:
    """Takes everything, from several threads."""

    def __init__(self) -> None:
        self.took: list[Parcel] = []
        self._lock = Lock()

    def send(self, parcel: Parcel) -> str:
        with self._lock:
            self.took.append(parcel)
            return f"n-{len(self.took)}"


def queued(engine: Engine) -> bool:
    with transaction(engine) as session:
        waits = NoticeDelivery.state == Fate.QUEUED
        return session.scalar(select(NoticeDelivery.id).where(waits).limit(1)) is not None


def work(engine: Engine, settings: Settings, post: CountingPost) -> None:
    """Do what is due until nothing is; another worker may have the last one in hand."""
    while True:
        with transaction(engine) as session:
            rounds.advance(session, now=NOW, settings=settings)
        with transaction(engine) as session:
            parcel = sending.claim(session, now=NOW, lease=LEASE)
        if parcel is None:
            if not queued(engine):
                return
            continue
        result = sending.deliver({Channel.WECHAT: post}, parcel)
        with transaction(engine) as session:
            sending.note_result(session, parcel, result, now=NOW)


def test_each_notice_goes_out_once(any_engine: Engine, open_settings: Settings) -> None:
    with transaction(any_engine) as session:
        for number in range(PEOPLE):
            person = a_caseworker(session)
            session.add(StaffWeChat(staff_id=person.id, openid=f"o-{number}", bound_at=NOW))
            preferences.save(session, person.id, WISHES)
            for place in range(NOTICES):
                notify(
                    session, staff_id=person.id, kind=NoticeKind.ASSIGNED, now=NOW,
                    urgent=place > 0, once=f"{place}",
                )  # fmt: skip
    post = CountingPost()

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(lambda _: work(any_engine, open_settings, post), range(WORKERS)))

    sent = [delivery for parcel in post.took for delivery in parcel.deliveries]
    assert len(sent) == len(set(sent)) == PEOPLE * (NOTICES - 1)


def test_two_who_tell_the_same_at_once_tell_it_once(any_engine: Engine) -> None:
    with transaction(any_engine) as session:
        person_id = a_caseworker(session).id

    def tell(_: int) -> bool:
        with transaction(any_engine) as session:
            return notify(
                session, staff_id=person_id, kind=NoticeKind.OVERDUE, now=NOW, once="same"
            )

    with ThreadPoolExecutor(WORKERS) as pool:
        wrote = list(pool.map(tell, range(WORKERS * 3)))

    assert wrote.count(True) == 1
    with transaction(any_engine) as session:
        assert len(session.scalars(select(StaffNotice)).all()) == 1
        assert seen.bell(session, person_id).unseen == 1
        assert seen.mark(session, person_id, now=NOW) == 1
