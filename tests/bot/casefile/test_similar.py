"""Past tickets like this one: by what is particular, within sight, with how they ended."""

import json
from collections import Counter

import pytest
from sqlalchemy.orm import Session

from bot.casefile import similar
from bot.casefile.similar import Similar
from bot.finding import index
from bot.inbox import InboundMessage
from bot.people.tables import Role, Staff
from bot.settings import ROOT
from bot.tickets.tables import Ticket
from tests.builders import a_caseworker, a_ticket
from tests.conftest import NOW

WAGES = "我在五华区工地干了三个月，包工头说再等等就是不给工钱，一起的有4个老乡，没有写欠条"
STORY = "包工头说再等等，四个月工钱一分没有，欠条也没有写，一起的有6个老乡"


@pytest.fixture
def boss(session: Session) -> Staff:
    return a_caseworker(session, name="赵敏", role=Role.SUPERVISOR)


def told(session: Session, text: str, staff: Staff, **columns: object) -> Ticket:
    """A ticket in which the resident wrote this."""
    done = {"state": "closed", "outcome": "总包公司已付清", "summary": text[:40]}
    ticket = a_ticket(session, assignee=staff, **(done | columns))  # type: ignore[arg-type]
    message = InboundMessage(
        key=f"m{ticket.id}", resident_id=ticket.resident_id, kind="text", text=text,
        sent_at=NOW, received_at=NOW, lease_until=NOW, ticket_id=ticket.id,
    )  # fmt: skip
    session.add(message)
    session.flush()
    index.add(session, ticket.id, text)
    return ticket


def others(session: Session, staff: Staff) -> None:
    for text in ("孩子转学要什么材料", "低保怎么申请", "邻居家的树挡了我家的光", "想学电焊"):
        told(session, text, staff, topic="education")


def found(session: Session, ticket: Ticket, staff: Staff) -> list[Similar]:
    return similar.of_ticket(session, ticket, staff)


def test_the_same_trouble_is_found_with_its_outcome_and_the_shared_words(
    session: Session, boss: Staff
) -> None:
    old = told(session, WAGES, boss)
    others(session, boss)
    new = told(session, STORY, boss, state="in_progress", outcome="")

    best = found(session, new, boss)

    assert [it.ticket.id for it in best] == [old.id]
    assert best[0].ticket.outcome == "总包公司已付清"
    assert any("包工头" in it or "再等等" in it for it in best[0].words)


def test_what_one_may_not_see_is_not_found(session: Session, boss: Staff) -> None:
    worker = a_caseworker(session)
    told(session, WAGES, boss)
    others(session, worker)
    new = told(session, STORY, worker, state="in_progress", outcome="")

    assert found(session, new, worker) == []


@pytest.mark.parametrize(
    "columns",
    [{"state": "in_progress", "outcome": ""}, {"close_code": "spam"}, {"outcome": ""}],
    ids=["not done", "spam", "no outcome"],
)
def test_what_ended_in_nothing_teaches_nothing(
    session: Session, boss: Staff, columns: dict[str, object]
) -> None:
    told(session, WAGES, boss, **columns)
    others(session, boss)
    new = told(session, STORY, boss, state="in_progress", outcome="")

    assert found(session, new, boss) == []


def test_stories_that_share_only_common_words_are_not_alike(session: Session, boss: Staff) -> None:
    for number in range(20):
        told(session, f"我家的{'田地房子老人娃娃'[number % 8]}{number}号问一下怎么办", boss)
    new = told(
        session, "我家的牛被狗咬了怎么办，兽医说打针", boss, state="in_progress", outcome=""
    )

    assert found(session, new, boss) == []


def test_of_stories_nobody_trained_on_the_like_are_found(session: Session, boss: Staff) -> None:
    """One of the three is of the very subject in seven of ten; by chance in the topic, in four."""
    files = sorted((ROOT / "nlu" / "heldout").glob("*.jsonl"))
    rows = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    rows = [row for row in rows if row.get("gold_fact_ids") and row["topic"] != "none"]
    subjects = Counter(subject for row in rows for subject in row["gold_fact_ids"])
    of_row = {
        told(session, row["text"], boss, topic=row["topic"]).id: set(row["gold_fact_ids"])
        for row in rows
    }
    right = []
    for ticket_id, wanted in list(of_row.items())[::3]:
        if max(subjects[subject] for subject in wanted) > 1:
            best = found(session, session.get_one(Ticket, ticket_id), boss)
            right += [any(of_row[it.ticket.id] & wanted for it in best)] if best else []

    assert len(right) > 100
    assert sum(right) / len(right) > 0.68
