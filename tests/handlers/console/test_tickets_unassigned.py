"""What nobody has is marked with its age, and what is confidential is not in everybody's queue."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from bot.contracts import Urgency
from bot.db.engine import transaction
from bot.people.tables import Organisation, Staff
from bot.tickets.lanes import lane_of
from tests.builders import a_ticket
from tests.conftest import NOW
from tests.handlers.console.conftest import Browser


@pytest.mark.parametrize(
    ("minutes", "mark"),
    [(5, ""), (20, "没人接20分钟"), (119, "没人接1小时"), (60 * 30, "没人接1天")],
)
def test_the_queue_says_how_long_nobody_has_had_it(
    desk: Browser, engine: Engine, minutes: int, mark: str
) -> None:
    with transaction(engine) as session:
        a_ticket(session, state="triage", state_at=NOW - timedelta(minutes=minutes))

    page = desk.open("/tickets?view=queue").text

    assert ("没人接" in page) == bool(mark)
    assert mark in page


def test_the_queue_has_nothing_confidential_for_who_is_not_cleared(
    desk: Browser, engine: Engine, worker: Staff
) -> None:
    with transaction(engine) as session:
        child = a_ticket(session, state="triage", lane="minor")
        other = a_ticket(session, state="triage", lane="violence")
        session.get_one(Staff, worker.id).lanes = ["minor"]

    queue = desk.open("/tickets?view=queue").text

    assert child.number in queue
    assert other.number not in queue
    assert desk.open(f"/tickets/{other.number}").status_code == 404
    assert f'id="row-{other.number}"' not in desk.open(f"/tickets?q={other.number}").text


def test_the_queue_has_nothing_of_another_organisation(
    desk: Browser, engine: Engine, worker: Staff
) -> None:
    with transaction(engine) as session:
        ours, theirs = (Organisation(name=name, created_at=NOW) for name in ("甲站", "乙站"))
        session.add_all([ours, theirs])
        session.flush()
        session.get_one(Staff, worker.id).organisation_id = ours.id
        own = a_ticket(session, state="triage", organisation_id=ours.id)
        common = a_ticket(session, state="triage")
        foreign = a_ticket(session, state="triage", organisation_id=theirs.id)

    queue = desk.open("/tickets?view=queue").text

    assert own.number in queue
    assert common.number in queue
    assert foreign.number not in queue
    assert desk.open(f"/tickets/{foreign.number}").status_code == 404


def test_who_was_beaten_by_an_employer_is_no_case_of_domestic_violence(
    desk: Browser, engine: Engine, worker: Staff
) -> None:
    with transaction(engine) as session:
        own = session.get_one(Staff, worker.id)
        text = "老板带人打我"
        lane = lane_of(text, facts={}, topic="wages", urgency=Urgency.CRISIS)
        a_ticket(session, assignee=own, lane=lane, summary=text)

    page = desk.open("/tickets").text

    assert "暴力侵害" in page
    assert "家暴" not in page
