"""A row that is locked is locked for as long as the transaction or the savepoint lasts."""

from sqlalchemy.orm import Session

from bot.conversation.tables import Conversation
from bot.db.held import held, hold
from bot.people.residents import lock_conversation
from tests.builders import a_resident
from tests.conftest import NOW


def test_a_lock_lasts_until_the_transaction_ends(session: Session) -> None:
    resident = a_resident(session)

    row = lock_conversation(session, resident.id, now=NOW)
    during = held(session, Conversation, resident.id)
    session.commit()

    assert during is row
    assert held(session, Conversation, resident.id) is None


def test_a_lock_ends_with_the_savepoint_it_was_taken_in(session: Session) -> None:
    resident = a_resident(session)
    row = lock_conversation(session, resident.id, now=NOW)
    session.commit()
    session.connection()

    with session.begin_nested() as savepoint:
        hold(session, row, resident.id)
        inside = held(session, Conversation, resident.id)
        savepoint.rollback()

    assert inside is row
    assert held(session, Conversation, resident.id) is None


def test_a_savepoint_keeps_the_locks_taken_before_it(session: Session) -> None:
    resident = a_resident(session)
    row = lock_conversation(session, resident.id, now=NOW)

    with session.begin_nested():
        inside = held(session, Conversation, resident.id)

    assert inside is row
    assert held(session, Conversation, resident.id) is row


def test_another_transaction_holds_nothing(session: Session) -> None:
    resident = a_resident(session)
    lock_conversation(session, resident.id, now=NOW)
    session.commit()

    with Session(session.get_bind()) as other:
        assert held(other, Conversation, resident.id) is None
