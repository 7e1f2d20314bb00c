"""Residents: one per openid, with an alias that tells nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from bot.conversation.tables import Conversation, Speaker
from bot.db.engine import transaction
from bot.people.residents import LETTERS, find_or_create, lock_conversation, unfollow, wrote
from bot.people.tables import Resident
from tests.builders import a_resident
from tests.conftest import NOW


def test_the_first_message_makes_a_resident(session: Session) -> None:
    resident, new = find_or_create(session, "o-li", now=NOW)

    assert new
    assert resident.openid == "o-li"
    assert resident.following


def test_the_second_message_finds_the_same_resident(session: Session) -> None:
    first, _ = find_or_create(session, "o-li", now=NOW)

    second, new = find_or_create(session, "o-li", now=NOW)

    assert (second.id, new) == (first.id, False)


def test_the_alias_is_made_of_unmistakable_letters(session: Session) -> None:
    resident, _ = find_or_create(session, "o-li", now=NOW)

    word, letters = resident.alias.split()
    assert word == "居民"
    assert len(letters) == 4
    assert set(letters) <= set(LETTERS)


def test_parallel_first_messages_make_one_resident(engine: Engine) -> None:
    def arrive(_: int) -> int:
        with transaction(engine) as session:
            return find_or_create(session, "o-li", now=NOW)[0].id

    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(arrive, range(16)))

    assert len(ids) == 1


def test_writing_again_means_following_again(session: Session) -> None:
    resident = a_resident(session)
    unfollow(session, resident, now=NOW)
    later = NOW + timedelta(hours=1)

    assert wrote(session, resident.openid, now=later).id == resident.id
    session.refresh(resident)
    assert resident.following
    assert resident.last_inbound_at == later


def test_a_clock_that_went_back_makes_no_last_message_older(session: Session) -> None:
    resident = a_resident(session)
    last = resident.last_inbound_at

    wrote(session, resident.openid, now=last - timedelta(hours=1))
    session.refresh(resident)

    assert resident.last_inbound_at == last


def test_a_conversation_begins_with_the_bot_speaking(session: Session) -> None:
    resident = a_resident(session)

    conversation = lock_conversation(session, resident.id, now=NOW)

    assert conversation.speaker == Speaker.BOT
    assert lock_conversation(session, resident.id, now=NOW) is conversation


def test_parallel_turns_share_one_conversation(engine: Engine) -> None:
    with transaction(engine) as session:
        resident_id = a_resident(session).id

    def turn(_: int) -> None:
        with transaction(engine) as session:
            lock_conversation(session, resident_id, now=NOW)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(turn, range(16)))

    with transaction(engine) as session:
        assert session.scalar(select(func.count()).select_from(Conversation)) == 1
        assert session.scalar(select(func.count()).select_from(Resident)) == 1
