"""Kept wordings are heard of by every process, until they are dropped or their entry withdrawn."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.audit import AuditEvent
from bot.db.engine import reading, transaction
from bot.errors import InvalidInputError
from bot.knowledge import entries, wordings
from bot.knowledge.encode import encode_missing, wanting
from bot.knowledge.renewing import Renewing, State
from bot.knowledge.search import KnowledgeSearch
from bot.knowledge.tables import KeptWording, KnowledgeVector
from bot.knowledge.vectors import digest
from tests.bot.knowledge.builders import TODAY, FakeEncoder, a_draft, an_entry
from tests.builders import a_caseworker
from tests.conftest import BOTH, NOW

SAID = "娃娃上学要转户口不"
LATER = NOW + timedelta(hours=1)


def keep(session: Session, text: str, entry_id: str = "") -> KeptWording:
    staff = a_caseworker(session)
    return wordings.keep(session, text, entry_id=entry_id, staff_id=staff.id, now=LATER)


def state_of(session: Session) -> State:
    return Renewing().read(session)


def heard_of(session: Session, entry_id: str) -> tuple[str, ...]:
    index = state_of(session).index
    return index.documents[index.position[entry_id]].heard


@pytest.fixture
def school(session: Session) -> str:
    draft = a_draft("随迁子女在哪里报名", variants=(), topic="education", subject="入学")
    return an_entry(session, draft)


def test_an_entry_is_heard_of_by_what_was_kept(session: Session, school: str) -> None:
    keep(session, f"  {SAID}\n", school)
    keep(session, SAID, school)  # the same words again are one

    index = state_of(session).index
    said, share = index.closest(index.match(SAID), 0)

    assert heard_of(session, school) == (SAID,)
    assert said == SAID
    assert share == pytest.approx(1)
    assert index.same.keys() == {"随迁子女在哪里报名"}  # only an editor decides that


def test_words_of_a_local_version_find_its_family(session: Session, school: str) -> None:
    local = a_draft("县里在哪里报名", scope="530100", variant_of=school, topic="education")
    keep(session, SAID, an_entry(session, local))

    assert heard_of(session, school) == (SAID,)


def test_what_an_editor_says_last_of_the_same_words_counts(session: Session, school: str) -> None:
    keep(session, SAID, school)

    keep(session, SAID)

    assert heard_of(session, school) == ()
    assert [one.text for one in wordings.unanswered(session)] == [SAID]


def test_words_of_a_withdrawn_entry_fall_silent_until_it_is_back(
    session: Session, school: str
) -> None:
    keep(session, SAID, school)
    other = an_entry(session)
    staff = a_caseworker(session)
    entries.withdraw(session, school, staff_id=staff.id, now=LATER)

    assert school not in state_of(session).index.position
    assert heard_of(session, other) == ()

    entries.publish(session, school, staff_id=staff.id, now=LATER)
    assert heard_of(session, school) == (SAID,)


def test_what_none_answers_speaks_against_answering_until_a_newer_entry_is_closer(
    session: Session, school: str
) -> None:
    unsaid = "随迁子女报名要不要钱"
    keep(session, unsaid)
    before = state_of(session).index.match(unsaid)

    author = a_caseworker(session)
    newer = a_draft("随迁子女报名收不收钱", variants=("随迁子女报名要钱吗",), topic="education")
    version = entries.create(session, newer, author_id=author.id, now=LATER)
    later = LATER + timedelta(hours=1)
    entries.publish(session, version.entry_id, staff_id=author.id, now=later)
    after = state_of(session).index.match(unsaid)

    assert before.unanswered is not None
    assert before.unanswered > float(before.parts["phrasing"].max())
    assert after.unanswered is None


def test_an_older_entry_that_nobody_asked_for_does_not_silence_it(
    session: Session, school: str
) -> None:
    other = an_entry(session, a_draft("孩子转户口要什么", variants=(), topic="education"))
    keep(session, "户口本丢了咋个补", school)
    keep(session, "孩子转户口要多少钱")

    match = state_of(session).index.match("孩子转户口要多少钱")

    assert heard_of(session, other) == ()
    assert match.unanswered is not None
    assert match.unanswered >= float(match.parts["phrasing"].max())


def test_what_is_dropped_counts_no_more_and_is_on_record(session: Session, school: str) -> None:
    kept = keep(session, SAID, school)
    staff = a_caseworker(session)

    wordings.drop(session, kept.id, staff_id=staff.id, now=LATER)

    assert heard_of(session, school) == ()
    deeds = session.scalars(select(AuditEvent).where(AuditEvent.deed.startswith("wording"))).all()
    assert [(one.deed, one.subject) for one in deeds] == [
        ("wording.keep", school), ("wording.drop", school)
    ]  # fmt: skip
    assert SAID not in str([one.data for one in deeds])


@pytest.mark.parametrize("text", ["", "低保", "长" * 201])
def test_what_names_no_question_or_tells_a_story_is_refused(
    session: Session, school: str, text: str
) -> None:
    with pytest.raises(InvalidInputError):
        keep(session, text, school)


def test_a_draft_or_unknown_entry_gets_none(session: Session) -> None:
    draft = an_entry(session, published=False)

    for entry_id in (draft, "own-9999"):
        with pytest.raises(InvalidInputError):
            keep(session, SAID, entry_id)


@BOTH
def test_they_get_vectors_as_long_as_they_are_kept(engine: Engine) -> None:
    with transaction(engine) as session:
        entry_id = an_entry(session)
        texts = [keep(session, SAID, entry_id).text, keep(session, "低保能领几年").text]
        assert {("query", text) for text in texts} <= set(wanting(session))

    encode_missing(lambda: transaction(engine), FakeEncoder())

    names = {digest(("query", text)) for text in texts}
    with transaction(engine) as session:
        assert names <= set(session.scalars(select(KnowledgeVector.digest)))
        assert wanting(session) == []
        for kept in session.scalars(select(KeptWording)).all():
            staff = a_caseworker(session)
            wordings.drop(session, kept.id, staff_id=staff.id, now=LATER)
        an_entry(session, a_draft("另一条新的"))
    encode_missing(lambda: transaction(engine), FakeEncoder())
    with reading(engine) as session:
        assert names.isdisjoint(session.scalars(select(KnowledgeVector.digest)))


@BOTH
def test_a_running_process_knows_within_two_seconds(engine: Engine) -> None:
    with transaction(engine) as session:
        entry_id = an_entry(session)
        an_entry(session, a_draft("水费在哪里交", variants=(), topic="hotlines"))
    search = KnowledgeSearch()
    with reading(engine) as session:
        search.refresh(session)
        before = search.find(session, "干完活的血汗钱卡着没见影", today=TODAY).confidence
    search.watch(lambda: reading(engine))
    with transaction(engine) as session:
        keep(session, "干完活的血汗钱卡着没见影", entry_id)

    until, after = time.monotonic() + 2, before
    while after <= before and time.monotonic() < until:
        time.sleep(0.05)
        with reading(engine) as session:
            after = search.find(session, "干完活的血汗钱卡着没见影", today=TODAY).confidence
    search.close()

    assert after > before
