"""The dates of the law, from the facts of a dispute."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.disputes.keeping import Evidence, Party, Told, file_of, said, save
from bot.disputes.rights import limits, next_loss
from bot.disputes.tables import DisputeKind, Proof, Side
from bot.errors import InvalidInputError
from bot.notices.tables import NoticeKind, StaffNotice
from bot.settings import Settings
from bot.tickets import escalation
from tests.bot.tickets.deeds import by
from tests.builders import a_caseworker, a_ticket
from tests.conftest import NOW

K, TODAY = DisputeKind, NOW.date()


def dates(told: Told) -> dict[str, date]:
    return {limit.key: limit.until for limit in limits(told)}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (Told(kind=K.LABOUR, known_on=date(2026, 1, 5)), {"claim": date(2027, 1, 5)}),
        (Told(kind=K.WAGES, known_on=date(2020, 1, 5)), {}),
        (Told(kind=K.WAGES, ended_on=date(2025, 6, 30)), {"claim": date(2026, 6, 30)}),
        (Told(kind=K.WAGES, ended_on=date(2024, 2, 29)), {"claim": date(2025, 2, 28)}),
        (
            Told(
                kind=DisputeKind.LABOUR, known_on=date(2025, 1, 5), interrupted_on=date(2025, 9, 1)
            ),
            {"claim": date(2026, 9, 1)},
        ),
        (
            Told(
                kind=DisputeKind.LABOUR, known_on=date(2024, 1, 5), interrupted_on=date(2025, 9, 1)
            ),
            {"claim": date(2025, 1, 5)},
        ),
        (
            Told(
                kind=DisputeKind.LABOUR, known_on=date(2026, 1, 5), mediation_on=date(2026, 2, 1)
            ),
            {"claim": date(2027, 1, 5), "mediation": date(2026, 2, 16)},
        ),
        (
            Told(kind=K.LABOUR, filed_on=date(2026, 2, 1)),
            {"acceptance": date(2026, 2, 6)},
        ),
        (
            Told(kind=K.LABOUR, filed_on=date(2026, 2, 1), accepted_on=date(2026, 2, 5)),
            {"award": date(2026, 3, 22)},
        ),
        (
            Told(
                kind=DisputeKind.LABOUR,
                filed_on=date(2026, 2, 1),
                accepted_on=date(2026, 2, 5),
                extended=True,
            ),
            {"award": date(2026, 4, 6)},
        ),
        (
            Told(
                kind=DisputeKind.LABOUR,
                filed_on=date(2026, 1, 1),
                accepted_on=date(2026, 1, 4),
                award_on=date(2026, 2, 20),
            ),
            {"court": date(2026, 3, 7)},
        ),
        (Told(kind=K.LABOUR, known_on=date(2026, 1, 5), settled="agreement"), {}),
        (Told(kind=K.OTHER, known_on=date(2026, 1, 5)), {}),
    ],
)
def test_each_date_follows_from_the_facts(told: Told, expected: dict[str, date]) -> None:
    assert dates(told) == expected


def test_every_date_names_its_law() -> None:
    told = Told(kind=K.LABOUR, known_on=date(2026, 1, 5), mediation_on=date(2026, 2, 1))

    assert all("《劳动争议调解仲裁法》第" in limit.law for limit in limits(told))
    loss = next_loss(told)
    assert loss is not None
    assert loss.key == "claim"


def test_the_clock_runs_to_the_end_of_the_day_and_warns_before(
    session: Session, settings: Settings
) -> None:
    staff = a_caseworker(session)
    ticket = a_ticket(session, assignee=staff, last_reply_at=NOW)
    ended = TODAY - timedelta(days=365 - 20)

    told = Told(kind=K.WAGES, ended_on=ended)
    save(session, ticket.number, told, by=by(session, staff))
    [clock] = [it for it in ticket.clocks if it.kind == "rights"]
    last_day = (clock.due_at - timedelta(seconds=1)).astimezone(settings.zone).date()
    done = [
        escalation.attend(session, now=NOW + timedelta(days=day), settings=settings)
        for day in (0, 1, 14, 15, 22, 23)
    ]

    assert last_day == TODAY + timedelta(days=20)
    assert sum(done) == 3  # a month, a week before, and when it is over
    kinds = session.scalars(select(StaffNotice.kind).where(StaffNotice.staff_id == staff.id))
    assert list(kinds) == [NoticeKind.RIGHTS_CLOCK] * 3


def test_saving_twice_leaves_one_clock_and_one_of_each(session: Session) -> None:
    staff = a_caseworker(session)
    ticket = a_ticket(session, assignee=staff)
    told = Told(
        kind=DisputeKind.WAGES,
        ended_on=TODAY - timedelta(days=30),
        claim_yuan=12000,
        parties=[Party(Side.OTHER, "张三", "包工头")],
        evidence=[Evidence("记工本", Proof.HAVE), Evidence("欠条", Proof.NONE)],
    )

    for _ in range(2):
        save(session, ticket.number, told, by=by(session, staff))

    found = file_of(session, ticket)
    assert found is not None
    assert [it.name for it in found.parties] == ["张三"]
    assert [it.state for it in found.evidence] == ["have", "none"]
    assert len([it for it in ticket.clocks if it.kind == "rights"]) == 1
    assert "申请劳动仲裁" in said(session, ticket)


def test_a_settled_dispute_has_no_clock(session: Session) -> None:
    staff = a_caseworker(session)
    ticket = a_ticket(session, assignee=staff)
    open_one = Told(kind=K.WAGES, ended_on=TODAY - timedelta(days=30))

    save(session, ticket.number, open_one, by=by(session, staff))
    done = Told(kind=K.WAGES, ended_on=open_one.ended_on, settled="agreement")
    save(session, ticket.number, done, by=by(session, staff))

    assert [it for it in ticket.clocks if it.kind == "rights" and not it.stopped_at] == []
    assert said(session, ticket) == ""


@pytest.mark.parametrize(
    "told",
    [
        Told(kind=K.WAGES, ended_on=TODAY + timedelta(days=2)),
        Told(kind=K.LABOUR, accepted_on=TODAY),
        Told(kind=K.LABOUR, filed_on=TODAY, award_on=TODAY),
    ],
)
def test_dates_that_contradict_are_refused(session: Session, told: Told) -> None:
    staff = a_caseworker(session)
    ticket = a_ticket(session, assignee=staff)

    with pytest.raises(InvalidInputError):
        save(session, ticket.number, told, by=by(session, staff))
