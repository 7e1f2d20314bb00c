"""The typing sign: at most once in its 15 seconds, and only in a talk under way."""

from datetime import timedelta

from sqlalchemy.orm import Session

from bot.outbox import typing
from bot.people.tables import Resident
from bot.wechat.outcomes import error_for
from tests.bot.outbox.steps import left, put, send
from tests.conftest import NOW
from tests.fakes import FakeWeChat

SECOND = timedelta(seconds=1)


def test_it_is_shown_while_somebody_types(session: Session, resident: int) -> None:
    typing.wish(session, resident, now=NOW)
    api = FakeWeChat()

    wanted = typing.claim_sign(session, now=NOW)

    assert wanted is not None
    assert typing.show(api, wanted) == "shown"
    assert api.typed_to == ["o-li"]
    assert left(session, resident) == 5


def test_it_is_not_asked_for_again_while_it_is_shown(session: Session, resident: int) -> None:
    asked = []
    for second in range(29):
        typing.wish(session, resident, now=NOW + second * SECOND)
        if typing.claim_sign(session, now=NOW + second * SECOND):
            asked.append(second)

    assert asked == [0, 15]


def test_it_ends_with_the_typing(session: Session, resident: int) -> None:
    typing.wish(session, resident, now=NOW)

    assert typing.claim_sign(session, now=NOW + typing.STILL) is None


def test_wechat_wants_a_message_within_thirty_seconds(session: Session, resident: int) -> None:
    later = NOW + 40 * SECOND
    typing.wish(session, resident, now=later)
    assert typing.claim_sign(session, now=later) is None

    put(session, resident, "我来了")
    send(session, now=later)

    assert typing.claim_sign(session, now=later) is not None


def test_nobody_who_left_is_asked_for(session: Session, resident: int) -> None:
    session.get_one(Resident, resident).following = False
    typing.wish(session, resident, now=NOW)
    session.flush()

    assert typing.claim_sign(session, now=NOW) is None


def test_a_failure_is_noted_and_not_tried_again(session: Session, resident: int) -> None:
    typing.wish(session, resident, now=NOW)
    wanted = typing.claim_sign(session, now=NOW)
    assert wanted is not None

    error = error_for(-1)

    assert typing.show(FakeWeChat(fails=error), wanted) == "busy"
    assert typing.claim_sign(session, now=NOW) is None
