"""Visit reports: two who write without sight of each other lose nothing."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.casefile import tasks, visits
from bot.casefile.tables import CaseTask, TaskKind, VisitEntry
from bot.casefile.visits import Field, Hand, Written
from bot.errors import InvalidInputError, NotFoundError
from bot.people.tables import Role, Staff
from bot.tickets.tables import TicketEvent
from tests.builders import a_caseworker, a_ticket
from tests.conftest import NOW


class Phone:
    """A form opened at one moment, and sent later."""

    def __init__(self, session: Session, task: CaseTask, staff: Staff, form: str) -> None:
        self.session, self.task = session, task
        self.hand = Hand(staff, form, NOW)
        self.opened = {field.key: field for field in visits.report(session, task)}

    def save(self, **typed: str) -> dict[str, Field]:
        shown = {key: field.text for key, field in self.opened.items()}
        written = {
            key: Written(text, {value.id for value in self.opened[key].values})
            for key, text in (shown | typed).items()
        }
        saved = visits.save(self.session, self.task.id, written, by=self.hand)
        return {field.key: field for field in saved}


@pytest.fixture
def task(session: Session) -> CaseTask:
    ticket = a_ticket(session)
    return tasks.plan(
        session, ticket=ticket, kind=TaskKind.VISIT, staff_id=None, text="看看",
        due_at=NOW + timedelta(hours=1), by=None, now=NOW,
    )  # fmt: skip


@pytest.fixture
def own(session: Session, task: CaseTask) -> Staff:
    return session.scalars(select(Staff).order_by(Staff.id)).first() or a_caseworker(session)


@pytest.fixture
def boss(session: Session) -> Staff:
    return a_caseworker(session, name="赵敏", role=Role.SUPERVISOR)


def texts(field: Field) -> list[str]:
    return [value.text for value in field.values]


def test_two_edits_of_one_field_are_both_kept_and_shown(
    session: Session, task: CaseTask, own: Staff, boss: Staff
) -> None:
    first, second = Phone(session, task, own, "one"), Phone(session, task, boss, "two")

    first.save(met="奶奶")
    after = second.save(met="爷爷")

    assert after["met"].disputed
    assert [(value.text, value.name) for value in after["met"].values] == [
        ("奶奶", "王芳"),
        ("爷爷", "赵敏"),
    ]


def test_edits_of_different_fields_go_together(
    session: Session, task: CaseTask, own: Staff, boss: Staff
) -> None:
    Phone(session, task, own, "zero").save(met="奶奶", home="砖房")
    first, second = Phone(session, task, own, "one"), Phone(session, task, boss, "two")

    first.save(met="奶奶和孙子")
    after = second.save(home="砖房，漏雨")

    assert (texts(after["met"]), texts(after["home"])) == (["奶奶和孙子"], ["砖房，漏雨"])


def test_a_person_settles_and_both_stay_on_record(
    session: Session, task: CaseTask, own: Staff, boss: Staff
) -> None:
    first, second = Phone(session, task, own, "one"), Phone(session, task, boss, "two")
    first.save(met="奶奶")
    both = second.save(met="爷爷")["met"]
    seen = {value.id for value in both.values}

    visits.save(session, task.id, {"met": Written("奶奶", seen)}, by=Hand(own, "three", NOW))

    met = visits.report(session, task)[0]
    assert texts(met) == ["奶奶"]
    assert len(session.scalars(select(VisitEntry)).all()) == 3


def test_settling_without_sight_of_a_third_value_settles_nothing_away(
    session: Session, task: CaseTask, own: Staff, boss: Staff
) -> None:
    phones = [Phone(session, task, it, it.name + str(n)) for n, it in enumerate((own, boss, own))]
    phones[0].save(met="奶奶")
    both = phones[1].save(met="爷爷")["met"]
    phones[2].save(met="叔叔")
    seen = {value.id for value in both.values}

    visits.save(session, task.id, {"met": Written("奶奶和爷爷", seen)}, by=Hand(own, "x", NOW))

    assert set(texts(visits.report(session, task)[0])) == {"叔叔", "奶奶和爷爷"}


def test_a_form_sent_again_over_a_bad_connection_counts_once(
    session: Session, task: CaseTask, own: Staff, boss: Staff
) -> None:
    phone = Phone(session, task, own, "one")
    phone.save(met="奶奶")
    Phone(session, task, boss, "two").save(met="奶奶和孙子")

    after = phone.save(met="奶奶")

    assert texts(after["met"]) == ["奶奶和孙子"]


def test_one_goes_on_writing_in_a_form_whose_answer_never_came(
    session: Session, task: CaseTask, own: Staff
) -> None:
    phone = Phone(session, task, own, "one")
    phone.save(met="奶奶")
    phone.save(met="奶奶和孙子")

    after = phone.save(met="奶奶")

    assert texts(after["met"]) == ["奶奶"]


def test_emptying_a_field_another_wrote_into_is_a_conflict_too(
    session: Session, task: CaseTask, own: Staff, boss: Staff
) -> None:
    Phone(session, task, own, "zero").save(met="奶奶")
    first, second = Phone(session, task, own, "one"), Phone(session, task, boss, "two")
    first.save(met="奶奶和孙子")

    after = second.save(met="")

    assert texts(after["met"]) == ["奶奶和孙子", ""]


def test_the_history_says_which_fields_were_written(
    session: Session, task: CaseTask, own: Staff
) -> None:
    Phone(session, task, own, "one").save(met="奶奶", next="周五前交材料")

    event = session.scalars(select(TicketEvent).order_by(TicketEvent.id.desc())).first()

    assert event is not None
    assert (event.kind, event.data["fields"], event.data["disputed"]) == (
        "visit_written", ["met", "next"], [],
    )  # fmt: skip


def test_saving_what_was_not_changed_adds_nothing(
    session: Session, task: CaseTask, own: Staff
) -> None:
    Phone(session, task, own, "one").save(met="奶奶")
    version = task.sync_version

    Phone(session, task, own, "two").save()

    assert task.sync_version == version


def test_a_stranger_writes_no_report(session: Session, task: CaseTask) -> None:
    with pytest.raises(NotFoundError):
        Phone(session, task, a_caseworker(session), "one").save(met="奶奶")


def test_a_text_too_long_names_its_field(session: Session, task: CaseTask, own: Staff) -> None:
    with pytest.raises(InvalidInputError, match="见到了谁"):
        Phone(session, task, own, "one").save(met="奶" * 2001)


@given(st.lists(st.tuples(st.sampled_from(["open", "save"]), st.integers(0, 2),
                          st.sampled_from("甲乙丙丁")), max_size=12))  # fmt: skip
def test_no_text_goes_without_somebody_having_seen_it(steps: list[tuple[str, int, str]]) -> None:
    """Whatever three phones do in whatever order: only what a writer saw is ever replaced."""
    entries: list[VisitEntry] = []
    opened: dict[int, tuple[str, set[int]]] = {}
    for number, (deed, phone, text) in enumerate(steps):
        standing = visits._standing(entries, "met")
        if deed == "open":
            opened[phone] = (f"f{number}", {entry.id for entry in standing})
            continue
        form, seen = opened.get(phone, (f"never{phone}", set[int]()))
        hand = Hand(Staff(id=phone), form, NOW)
        before = {entry.id: entry.text for entry in standing}
        replaces = visits._replaces(entries, "met", Written(text, seen), hand)
        own = {entry.id for entry in entries if visits._of_form(entry, hand)}

        assert set(replaces or ()) <= seen | own
        if replaces is None:
            continue
        entry = visits._entry(CaseTask(id=1), entries, "met", text, replaces, hand)
        entry.id = len(entries) + 1
        entries.append(entry)
        after = [entry.text for entry in visits._standing(entries, "met")]
        assert {text, *(words for key, words in before.items() if key not in seen | own)} <= set(
            after
        )
