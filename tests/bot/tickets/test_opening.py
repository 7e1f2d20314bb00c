"""Opening a ticket, or adding to the one that is there."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.contracts import Intent, Urgency
from bot.conversation.tables import Conversation, Speaker
from bot.people.tables import Resident
from bot.settings import Settings
from bot.tickets import hours
from bot.tickets.clocks.timing import promised
from bot.tickets.opening import Opened, merged, open_ticket
from bot.tickets.tables import Level, State, TicketEvent
from tests.builders import a_caseworker, a_resident, a_ticket
from tests.conftest import NOW

LATER = NOW + timedelta(hours=1)


def opened(
    session: Session,
    resident: Resident,
    settings: Settings,
    *,
    urgency: Urgency = Urgency.NORMAL,
    topic: str = "wages",
    facts: Mapping[str, object] | None = None,
    area_code: str = "",
    now: datetime = NOW,
) -> Opened:
    return open_ticket(
        session,
        resident=resident,
        intent=Intent.DISPUTE,
        urgency=urgency,
        topic=topic,
        text="老板跑了，三个月工钱没给",
        facts=facts or {},
        area_code=area_code,
        now=now,
        settings=settings,
    )


def test_a_new_matter_is_numbered_and_given_to_somebody(
    session: Session, settings: Settings
) -> None:
    lawyer = a_caseworker(session, services=["法律援助"])

    done = opened(session, a_resident(session), settings)

    assert done.created
    assert done.ticket.number == "2603-0001"
    assert done.ticket.assignee_id == lawyer.id
    assert done.ticket.state == State.DISPATCHED
    assert done.ticket.service == "法律援助"
    assert "法律援助" in done.ticket.reason


def test_numbers_run_on_within_the_month(session: Session, settings: Settings) -> None:
    numbers = [opened(session, a_resident(session), settings).ticket.number for _ in range(3)]

    assert numbers == ["2603-0001", "2603-0002", "2603-0003"]


def test_the_month_is_the_one_people_live_in(session: Session, settings: Settings) -> None:
    still_march_in_utc = datetime(2026, 3, 31, 17, 0, tzinfo=UTC)

    done = opened(session, a_resident(session), settings, now=still_march_in_utc)

    assert done.ticket.number == "2604-0001"


def test_with_nobody_on_duty_it_waits_in_the_queue(session: Session, settings: Settings) -> None:
    done = opened(session, a_resident(session), settings)

    assert done.ticket.state == State.TRIAGE
    assert done.ticket.assignee_id is None
    assert "没有人在班" in done.ticket.reason


def test_more_from_the_same_resident_joins_the_live_ticket(
    session: Session, settings: Settings
) -> None:
    resident = a_resident(session)
    first = opened(session, resident, settings, facts={"place": ["官渡"], "amount_yuan": 8000})

    second = opened(
        session,
        resident,
        settings,
        facts={"place": ["官渡", "小板桥"], "amount_yuan": 9000},
        now=LATER,
    )

    assert (second.created, second.raised) == (False, False)
    assert second.ticket is first.ticket
    assert second.ticket.facts == {"place": ["官渡", "小板桥"], "amount_yuan": 9000}
    assert second.ticket.last_resident_at == LATER


def test_a_done_ticket_is_not_added_to(session: Session, settings: Settings) -> None:
    resident = a_resident(session)
    a_ticket(session, resident=resident, state="closed")

    assert opened(session, resident, settings).created


def test_a_later_topic_is_taken_where_there_was_none(session: Session, settings: Settings) -> None:
    resident = a_resident(session)
    opened(session, resident, settings, topic="none")

    done = opened(session, resident, settings, topic="wages", area_code="530111")

    assert (done.ticket.topic, done.ticket.service) == ("wages", "法律援助")
    assert done.ticket.area_code == "530111"


def test_where_the_resident_belongs_stands_in_for_the_place(
    session: Session, settings: Settings
) -> None:
    resident = a_resident(session, area_code="530600")

    assert opened(session, resident, settings).ticket.area_code == "530600"


def test_a_crisis_raises_the_ticket_and_shortens_the_promise(
    session: Session, settings: Settings
) -> None:
    resident = a_resident(session)
    opened(session, resident, settings)

    done = opened(session, resident, settings, urgency=Urgency.CRISIS, now=LATER)

    assert done.raised
    assert done.ticket.urgency == Urgency.CRISIS
    assert done.ticket.reply_due_at == LATER + timedelta(minutes=15)


def test_urgency_is_never_lowered(session: Session, settings: Settings) -> None:
    resident = a_resident(session)
    opened(session, resident, settings, urgency=Urgency.CRISIS)

    done = opened(session, resident, settings, urgency=Urgency.NORMAL)

    assert not done.raised
    assert done.ticket.urgency == Urgency.CRISIS


def test_a_crisis_stays_with_who_is_talking_to_the_resident(
    session: Session, settings: Settings
) -> None:
    resident = a_resident(session)
    talking = a_caseworker(session, services=["法律援助"])
    a_ticket(session, resident=resident, assignee=talking, state="in_progress")
    a_caseworker(session, name="闲着的")

    done = opened(session, resident, settings, urgency=Urgency.CRISIS)

    assert done.ticket.assignee_id == talking.id
    assert done.ticket.state == State.IN_PROGRESS


def test_a_crisis_leaves_who_is_off_duty(session: Session, settings: Settings) -> None:
    resident = a_resident(session)
    away = a_caseworker(session, on_duty=False)
    a_ticket(session, resident=resident, assignee=away, state="in_progress")
    there = a_caseworker(session)

    done = opened(session, resident, settings, urgency=Urgency.CRISIS)

    assert done.ticket.assignee_id == there.id
    assert session.get_one(Conversation, resident.id).speaker == Speaker.BOT


def test_words_after_an_answer_start_the_clock_again(session: Session, settings: Settings) -> None:
    resident = a_resident(session)
    a_ticket(session, resident=resident, state="waiting_resident", last_reply_at=NOW)

    done = opened(session, resident, settings, now=LATER)

    assert done.ticket.state == State.IN_PROGRESS
    assert done.ticket.reply_due_at == promised(
        LATER, level=Level.ORDINARY, office=hours.office(session, settings)
    )


def test_words_before_an_answer_never_move_the_promise(
    session: Session, settings: Settings
) -> None:
    resident = a_resident(session)
    first = opened(session, resident, settings).ticket.reply_due_at

    second = opened(session, resident, settings, now=NOW + timedelta(days=1))

    assert second.ticket.reply_due_at == first


def test_everything_leaves_an_event(session: Session, settings: Settings) -> None:
    resident = a_resident(session)
    a_caseworker(session)
    opened(session, resident, settings)
    opened(session, resident, settings, urgency=Urgency.URGENT)

    kinds = session.scalars(select(TicketEvent.kind).order_by(TicketEvent.id)).all()

    assert kinds == ["opened", "assigned", "added", "level"]


def test_empty_facts_change_nothing() -> None:
    assert merged({"phone": "138"}, {"phone": "", "place": []}) == {"phone": "138"}
