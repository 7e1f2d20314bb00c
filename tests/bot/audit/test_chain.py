"""The record is a chain: what is changed, taken out or cut off shows, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, delete, select, text, update
from sqlalchemy.exc import DatabaseError

from bot import audit
from bot.audit import AuditEvent, chain
from bot.db.engine import reading, transaction
from tests.builders import a_caseworker
from tests.conftest import NOW

GUARDS = {
    "sqlite": ("DROP TRIGGER audit_event_kept", "DROP TRIGGER audit_event_unchanged"),
    "postgresql": ("ALTER TABLE audit_event DISABLE TRIGGER USER",),
}


@pytest.fixture
def record(any_engine: Engine) -> Engine:
    """A database with ten deeds in its record, of which six are chained."""
    engine = any_engine
    with transaction(engine) as session:
        staff_id = a_caseworker(session).id
        for number in range(10):
            at = NOW + timedelta(seconds=number, microseconds=number)
            audit.record(
                session, deed="ticket.read", now=at, staff_id=staff_id,
                subject=audit.of_ticket(f"2603-{number:04d}"), reason="核实“工钱” 🙏", share=0.1,
            )  # fmt: skip
    with transaction(engine) as session:
        chain.take_up(session, most=6)
    return engine


def verdict(engine: Engine, **kept: str) -> chain.Verdict:
    with reading(engine) as session:
        return chain.verify(session, kept={int(place[1:]): sum_ for place, sum_ in kept.items()})


def past_the_guards(engine: Engine, *statements: object) -> None:
    """What somebody does who owns the database."""
    with engine.begin() as connection:
        for guard in GUARDS[engine.dialect.name]:
            connection.execute(text(guard))
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]


def test_rows_are_chained_in_batches_and_the_whole_holds(record: Engine) -> None:
    assert verdict(record).waiting == 4

    with transaction(record) as session:
        end = chain.take_up(session)
    with transaction(record) as session:
        again = chain.take_up(session)

    checked = verdict(record, p10=end.digest)
    assert (checked.head, checked.broken, checked.waiting) == (end, None, 0)
    assert again == end
    assert end.place == 10


def test_the_database_refuses_to_change_or_delete_a_row(record: Engine) -> None:
    table = AuditEvent.__table__
    others = (
        update(AuditEvent).where(table.c.id == 9).values(deed="login"),
        update(AuditEvent).where(table.c.id == 9).values(deed="x", place=7, digest="0" * 64),
        update(AuditEvent).where(table.c.id == 2).values(digest="0" * 64),
        update(AuditEvent).where(table.c.id == 2).values(place=None, digest=None),
        delete(AuditEvent).where(table.c.id == 9),
        delete(AuditEvent).where(table.c.id == 2),
    )

    for statement in others:
        with pytest.raises(DatabaseError, match="never"), record.begin() as connection:
            connection.execute(statement)

    assert verdict(record).broken is None


@pytest.mark.parametrize("column", ["deed", "staff_id", "subject", "at", "data"])
def test_a_changed_row_is_named(record: Engine, column: str) -> None:
    values: dict[str, object] = {
        "deed": "login",
        "staff_id": None,
        "subject": "",
        "data": {},
        "at": NOW,
    }
    past_the_guards(
        record, update(AuditEvent).where(AuditEvent.place == 4).values({column: values[column]})
    )

    broken = verdict(record).broken

    assert broken is not None
    assert (broken.place, broken.row_id) == (4, 4)


def test_a_row_taken_out_leaves_a_gap(record: Engine) -> None:
    past_the_guards(record, delete(AuditEvent).where(AuditEvent.place.in_((3, 4))))

    broken = verdict(record).broken

    assert broken is not None
    assert broken.place == 3
    assert "3 to 4" in broken.why


def test_a_cut_end_and_a_chain_made_anew_show_by_a_kept_head(record: Engine) -> None:
    with reading(record) as session:
        kept = chain.head(session)
    anew = update(AuditEvent).values(place=None, digest=None)
    past_the_guards(record, anew, delete(AuditEvent).where(AuditEvent.id == 2))
    with transaction(record) as session:
        chain.take_up(session)

    assert verdict(record).broken is None
    broken = verdict(record, p6=kept.digest).broken
    assert broken is not None
    assert "anew" in broken.why

    past_the_guards_again = delete(AuditEvent).where(AuditEvent.place > 4)
    with record.begin() as connection:
        connection.execute(past_the_guards_again)
    cut = verdict(record, p6=kept.digest).broken
    assert cut is not None
    assert "cut off" in cut.why


def test_a_deed_committed_late_comes_last_and_breaks_nothing(postgres_engine: Engine) -> None:
    engine = postgres_engine
    with transaction(engine) as slow:
        audit.record(slow, deed="slow", now=NOW)
        slow.flush()
        with transaction(engine) as quick:
            audit.record(quick, deed="quick", now=NOW)
        with transaction(engine) as session:
            chain.take_up(session)
    with transaction(engine) as session:
        chain.take_up(session)

    with reading(engine) as session:
        order = session.scalars(select(AuditEvent.deed).order_by(AuditEvent.place)).all()
    assert order == ["quick", "slow"]
    assert verdict(engine).broken is None
    engine.dispose()
