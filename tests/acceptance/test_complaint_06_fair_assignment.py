"""Work is handed out unfairly or not at all, or people pick the easy ones."""

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

import pytest
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.contracts import Urgency
from bot.db.engine import make_engine
from bot.people import leaves
from bot.people.leaves import Span
from bot.people.tables import LeaveKind, Staff
from bot.settings import SECRETS_FILE, Service, Settings, WeChat
from bot.tickets.rules import load_rules
from bot.tickets.tables import TicketEvent
from tests.acceptance.bureau import Bureau
from tests.builders import a_caseworker
from tests.conftest import NOW

WORST = 1.25
DAYS, POLICY_DAY, LEAST_OF_A_MONTH = 30, 12, 100
AWAY = Span(NOW + timedelta(days=8), NOW + timedelta(days=16))
GROUPS = ((("法律援助",), 4, 14), (("教育", "福利救助"), 3, 12), (("公共医疗",), 1, 2))
TOPICS = ("wages", "wages", "labour_contract", "education", "assistance", "health")
URGENCIES = (*[Urgency.NORMAL] * 8, Urgency.URGENT, Urgency.CRISIS)


@pytest.fixture(scope="module")
def bureau(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    """A month that has passed; making it takes a while, so it is made once."""
    folder = tmp_path_factory.mktemp("month")
    shutil.copy(empty_database, folder / "month.sqlite3")
    engine = make_engine(f"sqlite:///{folder / 'month.sqlite3'}")
    with pytest.MonkeyPatch.context() as patch, Session(engine) as session:
        patch.setenv(SECRETS_FILE, "/dev/null")
        settings = Settings(
            service=Service(data_dir=folder),
            wechat=WeChat(token=SecretStr("a-test-token"), aes_key=SecretStr("k" * 43)),
        )
        bureau = Bureau(session, settings)
        a_month(bureau, staff_of(bureau))
        yield bureau
    engine.dispose()


def staff_of(bureau: Bureau) -> list[Staff]:
    """Groups; within each, everybody has the same skills, hours and leave."""
    people = [
        a_caseworker(bureau.session, services=list(services), capacity=capacity)
        for services, number, capacity in GROUPS
        for _ in range(number)
    ]
    for person in people:
        person.created_at = NOW - timedelta(days=90)
    gone = people[0]
    leaves.set_leave(
        bureau.session, gone, span=AWAY, kind=LeaveKind.ANNUAL, by=gone, now=bureau.now
    )
    return people


def a_month(bureau: Bureau, people: Sequence[Staff]) -> None:
    """Uneven days, people quick and slow, a policy day of eight times the average."""
    speed = {person.id: 2 + 2 * (number % 3) for number, person in enumerate(people)}
    for day in range(DAYS):
        many = 24 if day == POLICY_DAY else bureau.random.choice((2, 3, 4))
        for _ in range(many):
            bureau.writes(bureau.random.choice(TOPICS), bureau.random.choice(URGENCIES))
            bureau.later(minutes=bureau.random.randint(2, 15))
        for person in people:
            for ticket in bureau.in_hand(person)[: speed[person.id]]:
                bureau.finishes(person, ticket)
        bureau.later(hours=24 - (bureau.now - NOW).total_seconds() / 3600 % 24)


def weight_of(events: Sequence[TicketEvent]) -> Counter[int]:
    got: Counter[int] = Counter()
    for event in events:
        level = bureau_level(event)
        got[event.data["to"]] += load_rules().weight(level)
    return got


def bureau_level(event: TicketEvent) -> str:
    return str(event.data["basis"].get("level", "ordinary"))


def test_a_month_of_work_is_spread_within_a_quarter_of_the_median(bureau: Bureau) -> None:
    got = weight_of(bureau.assignments())
    people = bureau.session.scalars(select(Staff).order_by(Staff.id)).all()
    groups: dict[tuple[str, ...], list[int]] = {}
    for person in people[1:]:  # the first was on leave: other hours
        groups.setdefault(tuple(person.services), []).append(got[person.id])

    assert len(bureau.assignments()) >= LEAST_OF_A_MONTH
    for services, loads in groups.items():
        assert max(loads) <= WORST * median(loads), (services, loads)
        assert min(loads) > 0


def test_who_was_on_leave_is_neither_overrun_nor_spared_afterwards(bureau: Bureau) -> None:
    gone, *there = bureau.session.scalars(
        select(Staff.id).order_by(Staff.id).limit(GROUPS[0][1])
    ).all()
    events = bureau.assignments()
    during = weight_of([it for it in events if AWAY.starts_at <= it.at < AWAY.ends_at])
    after = weight_of([it for it in events if AWAY.ends_at <= it.at])

    assert during[gone] == 0
    assert 0 < after[gone] <= WORST * max(after[staff_id] for staff_id in there)


def test_every_pick_says_why_for_people_and_for_machines(bureau: Bureau) -> None:
    for event in bureau.assignments():
        if "from" in event.data["basis"]:
            assert "请假（" in event.text
            continue
        basis = event.data["basis"]
        considered = {it["staff"]: it for it in basis["considered"]}
        assert "人合适" in event.text or "合适的只有1人" in event.text
        assert basis["rules"] == load_rules().version
        left = {staff_id: it for staff_id, it in considered.items() if it["out"] == ""}
        assert left[event.data["to"]]["share"] == min(it["share"] for it in left.values())


def test_nothing_of_one_level_is_overtaken_without_a_stored_reason(bureau: Bureau) -> None:
    assert any("passed" in event.data["basis"] for event in bureau.assignments())
    assert silently_overtaken(bureau) == []


def silently_overtaken(bureau: Bureau) -> list[tuple[str, str]]:
    """Pairs of a newer ticket that was given away, and an older one that waited in silence."""
    tickets = bureau.tickets()
    first: dict[int, datetime] = {}
    for event in bureau.assignments():
        first.setdefault(event.ticket_id, event.at)
    found = []
    for event in bureau.assignments():
        if first[event.ticket_id] != event.at:
            continue
        own = tickets[event.ticket_id]
        passed = set(event.data["basis"].get("passed", ()))
        found += [
            (own.number, other.number)
            for other in tickets.values()
            if other.level == own.level
            and (other.opened_at, other.id) < (own.opened_at, own.id)
            and first.get(other.id, bureau.now) > event.at
            and other.number not in passed
        ]
    return found
