"""Whose turn it is among messages that nobody works on."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot import inbox
from bot.contracts import Push
from bot.db.engine import transaction
from bot.inbox import LEASE, InboundMessage, Placing
from bot.inbox.turns import IN_THE_WAY
from tests.builders import a_resident
from tests.conftest import NOW

LEFT = Placing(now=False)
DANGER = Placing(can_wait=False, now=False)


@pytest.fixture
def engine(any_engine: Engine) -> Engine:
    return any_engine


class House:
    """Residents whose messages lie in one open session."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.residents: dict[str, int] = {}

    def says(self, who: str, key: str, placing: Placing = LEFT) -> int:
        if who not in self.residents:
            self.residents[who] = a_resident(self.session, openid=who).id
        push = Push(key, "text", who, "gh", NOW, text=key)
        resident_id = self.residents[who]
        values = inbox.as_kept(push, resident_id=resident_id, now=NOW, placing=placing)
        return int(self.session.execute(inbox.storing(), values).scalar_one())

    def next(self, now: datetime = NOW, *, danger_only: bool = False) -> str | None:
        assert inbox.left_over(self.session, now=now, danger_only=danger_only) in {True, False}
        found = inbox.next_leftover(self.session, now=now, danger_only=danger_only)
        return self.session.get_one(InboundMessage, found).key if found else None

    def answered(self, inbound_id: int) -> None:
        self.session.get_one(InboundMessage, inbound_id).answered_at = NOW
        self.session.flush()


@pytest.fixture
def house(engine: Engine) -> Iterator[House]:
    with transaction(engine) as session:
        yield House(session)


def test_danger_is_first_and_then_the_oldest(house: House) -> None:
    house.says("o-a", "first")
    house.says("o-b", "second")
    house.says("o-c", "danger", DANGER)

    assert [house.next() for _ in range(4)] == ["danger", "first", "second", None]


def test_only_danger_can_be_asked_for(house: House) -> None:
    house.says("o-a", "calm")
    assert house.next(danger_only=True) is None

    house.says("o-b", "danger", DANGER)

    assert [house.next(danger_only=True) for _ in range(2)] == ["danger", None]


def test_one_resident_is_answered_in_order_and_holds_nobody_up(house: House) -> None:
    first = house.says("o-flood", "flood 1")
    house.says("o-flood", "flood 2")
    house.says("o-other", "other")

    assert [house.next() for _ in range(3)] == ["flood 1", "other", None]
    house.answered(first)
    assert house.next() == "flood 2"


def test_danger_waits_for_no_calm_message_but_for_earlier_danger(house: House) -> None:
    house.says("o-a", "calm")
    danger = house.says("o-a", "danger", DANGER)
    house.says("o-a", "more danger", DANGER)

    assert [house.next() for _ in range(3)] == ["danger", "calm", None]
    house.answered(danger)
    assert house.next() == "more danger"


def test_a_message_that_breaks_every_turn_is_not_in_the_way_for_ever(house: House) -> None:
    house.says("o-a", "poison")
    house.says("o-a", "later")
    now = NOW
    for _ in range(IN_THE_WAY + 1):
        assert house.next(now) == "poison"
        now += timedelta(minutes=1)

    assert {house.next(now), house.next(now)} == {"poison", "later"}


def test_whoever_stores_it_works_on_it_until_the_lease_ends(house: House) -> None:
    house.says("o-a", "live", Placing())

    assert house.next() is None
    assert house.next(NOW + LEASE) == "live"


def test_a_lease_of_a_clock_that_was_set_back_holds_nobody_up(house: House) -> None:
    house.says("o-a", "live", Placing())

    assert house.next(NOW - timedelta(minutes=4)) == "live"


def test_a_repeat_does_not_take_over_what_has_to_wait(house: House) -> None:
    first = house.says("o-a", "first")
    second = house.says("o-a", "second")

    assert not inbox.take_over(house.session, second, now=NOW)
    house.answered(first)
    assert inbox.take_over(house.session, second, now=NOW)
