"""Entries are written in versions, put in force, and withdrawn."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.audit import AuditEvent
from bot.errors import ConflictError, InvalidInputError, NotFoundError
from bot.knowledge import entries, revision
from bot.knowledge.tables import EntryState
from tests.bot.knowledge.builders import a_draft, an_entry, newest
from tests.builders import a_caseworker
from tests.conftest import NOW


def test_new_entries_are_numbered_and_are_drafts(session: Session) -> None:
    first = an_entry(session, published=False)
    second = an_entry(session, published=False)

    assert (first, second) == ("own-0001", "own-0002")
    assert entries.get(session, first).entry.state == EntryState.DRAFT
    assert entries.get(session, first).published is None


def test_a_revision_waits_until_it_is_published(session: Session) -> None:
    entry_id, staff = an_entry(session), a_caseworker(session)

    entries.revise(
        session, entry_id, a_draft(answer="新的。"), author_id=staff.id, now=NOW, based_on=1
    )
    before = entries.get(session, entry_id).published
    entries.publish(session, entry_id, staff_id=staff.id, now=NOW)
    after = entries.get(session, entry_id).published

    assert before is not None
    assert before.number == 1
    assert after is not None
    assert (after.number, after.answer) == (2, "新的。")


def test_a_revision_of_an_old_version_is_refused(session: Session) -> None:
    entry_id, staff = an_entry(session), a_caseworker(session)
    change = a_draft(answer="新的。")
    entries.revise(session, entry_id, change, author_id=staff.id, now=NOW, based_on=1)

    with pytest.raises(ConflictError, match="没有保存"):
        entries.revise(session, entry_id, a_draft(), author_id=staff.id, now=NOW, based_on=1)

    assert newest(session, entry_id).number == 2


def test_a_revision_that_changes_nothing_makes_no_version(session: Session) -> None:
    entry_id, staff = an_entry(session), a_caseworker(session)

    entries.revise(session, entry_id, a_draft(), author_id=staff.id, now=NOW, based_on=1)

    assert newest(session, entry_id).number == 1


def test_a_version_nobody_has_read_is_not_published(session: Session) -> None:
    entry_id, staff = an_entry(session), a_caseworker(session)
    entries.add_variant(session, entry_id, "老板跑了", author_id=staff.id, now=NOW)

    with pytest.raises(ConflictError):
        entries.publish(session, entry_id, staff_id=staff.id, now=NOW, number=1)


def test_a_phrasing_is_added_in_a_new_version(session: Session) -> None:
    entry_id, staff = an_entry(session), a_caseworker(session)

    entries.add_variant(session, entry_id, " 老板跑了 ", author_id=staff.id, now=NOW)

    assert newest(session, entry_id).number == 2
    assert newest(session, entry_id).variants[-1] == "老板跑了"


def test_an_empty_phrasing_is_refused(session: Session) -> None:
    entry_id = an_entry(session)

    with pytest.raises(InvalidInputError, match="请填写问法"):
        entries.add_variant(session, entry_id, " ", author_id=1, now=NOW)


def test_the_topic_changes_when_the_version_is_published(session: Session) -> None:
    entry_id, staff = an_entry(session), a_caseworker(session)
    draft = a_draft(topic="debt", subject="民间借贷")

    entries.revise(session, entry_id, draft, author_id=staff.id, now=NOW, based_on=1)
    before = entries.get(session, entry_id).entry.topic
    entries.publish(session, entry_id, staff_id=staff.id, now=NOW)

    assert before == "wages"
    assert entries.get(session, entry_id).entry.topic == "debt"


def test_publishing_and_withdrawing_are_recorded_and_announced(session: Session) -> None:
    entry_id, staff = an_entry(session), a_caseworker(session)
    number = revision.current(session)

    entries.withdraw(session, entry_id, staff_id=staff.id, now=NOW)
    entries.publish(session, entry_id, staff_id=staff.id, now=NOW)

    deeds = session.scalars(select(AuditEvent.deed).where(AuditEvent.staff_id == staff.id)).all()
    assert deeds == ["entry.withdraw", "entry.publish"]
    assert revision.current(session) == number + 2


def test_doing_it_twice_changes_nothing(session: Session) -> None:
    entry_id, staff = an_entry(session), a_caseworker(session)
    number = revision.current(session)

    entries.publish(session, entry_id, staff_id=staff.id, now=NOW)
    entries.withdraw(session, entry_id, staff_id=staff.id, now=NOW)
    entries.withdraw(session, entry_id, staff_id=staff.id, now=NOW)

    assert revision.current(session) == number + 1


def test_an_unknown_entry_is_not_found(session: Session) -> None:
    with pytest.raises(NotFoundError):
        entries.get(session, "own-9999")
    with pytest.raises(NotFoundError):
        entries.publish(session, "own-9999", staff_id=1, now=NOW)
