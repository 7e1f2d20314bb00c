"""Who gets a ticket, and why."""

from datetime import timedelta

from sqlalchemy.orm import Session

from bot.contracts import Urgency
from bot.people.tables import Role
from bot.tickets.routing import Pick, Wanted, ladder, pick
from bot.tickets.tables import Level
from tests.builders import a_caseworker, a_ticket
from tests.conftest import NOW

GUANDU, KUNMING, QUJING = "530111", "530100", "530300"


def picked(session: Session, level: Level = Level.ORDINARY, area_code: str = GUANDU) -> Pick:
    return pick(session, Wanted("法律援助", area_code, level, NOW))


def test_goes_to_who_handles_the_field(session: Session) -> None:
    a_caseworker(session, services=["教育"])
    lawyer = a_caseworker(session, services=["法律援助"])

    assert picked(session).staff_id == lawyer.id


def test_a_specialist_comes_before_who_handles_everything(session: Session) -> None:
    a_caseworker(session)
    lawyer = a_caseworker(session, services=["法律援助", "教育"])
    a_ticket(session, assignee=lawyer)

    assert picked(session).staff_id == lawyer.id


def test_goes_to_who_serves_the_place_or_what_it_lies_in(session: Session) -> None:
    a_caseworker(session, area_codes=[QUJING])
    city = a_caseworker(session, area_codes=[KUNMING])

    assert picked(session).staff_id == city.id
    assert picked(session, area_code="530300").staff_id != city.id


def test_an_unknown_place_may_go_to_anybody(session: Session) -> None:
    somebody = a_caseworker(session, area_codes=[QUJING])

    assert picked(session, area_code="").staff_id == somebody.id


def test_the_least_weight_in_hand_wins_not_the_fewest_tickets(session: Session) -> None:
    one_crisis = a_caseworker(session)
    two_ordinary = a_caseworker(session)
    a_ticket(session, assignee=one_crisis, urgency=Urgency.CRISIS)
    a_ticket(session, assignee=two_ordinary)
    a_ticket(session, assignee=two_ordinary)

    assert picked(session).staff_id == two_ordinary.id


def test_who_works_quickly_does_not_get_everything(session: Session) -> None:
    quick = a_caseworker(session)
    slow = a_caseworker(session)
    for _ in range(3):
        a_ticket(session, assignee=quick, state="closed")
    a_ticket(session, assignee=slow)

    assert picked(session).staff_id == slow.id


def test_what_was_got_long_ago_counts_only_while_it_is_in_hand(session: Session) -> None:
    long_ago = NOW - timedelta(days=20)
    done = a_caseworker(session)
    in_hand = a_caseworker(session)
    for _ in range(3):
        a_ticket(session, assignee=done, state="closed", assigned_at=long_ago)
    a_ticket(session, assignee=in_hand, assigned_at=long_ago)

    assert picked(session).staff_id == done.id


def test_of_equal_loads_who_waited_longest_gets_it(session: Session) -> None:
    just_now = a_caseworker(session)
    earlier = a_caseworker(session)
    a_ticket(session, assignee=just_now, assigned_at=NOW)
    a_ticket(session, assignee=earlier, assigned_at=NOW - timedelta(days=2))

    assert picked(session).staff_id == earlier.id


def test_a_tie_goes_to_the_lowest_id(session: Session) -> None:
    first = a_caseworker(session)
    a_caseworker(session)

    assert picked(session).staff_id == first.id


def test_nobody_off_duty_inactive_or_admin_is_picked(session: Session) -> None:
    a_caseworker(session, on_duty=False)
    a_caseworker(session, active=False)
    a_caseworker(session, role=Role.ADMIN)

    found = picked(session)

    assert found.staff_id is None
    assert found.reason == "法律援助·官渡区，现在没有人在班，等督导分派"


def test_nobody_fitting_leaves_it_to_a_supervisor(session: Session) -> None:
    a_caseworker(session, services=["教育"])

    found = picked(session)

    assert found.staff_id is None
    assert found.reason == "法律援助·官渡区，在班的人都不管这个领域，等督导分派"


def test_a_crisis_goes_to_anybody_on_duty(session: Session) -> None:
    teacher = a_caseworker(session, services=["教育"], area_codes=[QUJING])

    found = picked(session, Level.CRISIS)

    assert found.staff_id == teacher.id
    assert found.reason.startswith("危机")


def test_a_crisis_prefers_the_right_field(session: Session) -> None:
    a_caseworker(session, services=["教育"])
    lawyer = a_caseworker(session, services=["法律援助"])

    assert picked(session, Level.CRISIS).staff_id == lawyer.id


def test_who_is_excluded_is_not_picked(session: Session) -> None:
    first = a_caseworker(session)
    second = a_caseworker(session)

    found = pick(session, Wanted("", "", Level.ORDINARY, NOW, exclude={first.id}))

    assert found.staff_id == second.id


def test_the_reason_is_a_sentence_for_staff(session: Session) -> None:
    first = a_caseworker(session, services=["法律援助"])
    a_ticket(session, assignee=first)
    busy = a_caseworker(session, services=["法律援助"])
    a_ticket(session, assignee=busy, urgency=Urgency.URGENT)

    assert picked(session).reason == "法律援助·官渡区，2人合适，近14天分到最少（手上1件）"


def test_a_month_of_tickets_is_spread_evenly(session: Session) -> None:
    people = [a_caseworker(session) for _ in range(3)]
    counts = dict.fromkeys((person.id for person in people), 0)

    for number in range(30):
        found = picked(session)
        assert found.staff_id is not None
        counts[found.staff_id] += 1
        owner = next(person for person in people if person.id == found.staff_id)
        a_ticket(session, assignee=owner, assigned_at=NOW + timedelta(hours=number))

    assert set(counts.values()) == {10}


def test_a_foreign_letter_goes_to_who_reads_it_whatever_their_field(session: Session) -> None:
    a_caseworker(session, services=["法律援助"])
    reader = a_caseworker(session, services=["教育"], languages=["汉语", "傣语"])

    wanted = Wanted("法律援助", GUANDU, Level.ORDINARY, NOW, languages=["缅甸语", "傣语"])
    found = pick(session, wanted)

    assert found.staff_id == reader.id
    assert "缅甸语、傣语" in found.reason


def test_a_foreign_letter_nobody_reads_goes_where_others_go(session: Session) -> None:
    lawyer = a_caseworker(session, services=["法律援助"], languages=["汉语"])

    wanted = Wanted("法律援助", GUANDU, Level.ORDINARY, NOW, languages=["彝语"])
    found = pick(session, wanted)

    assert found.staff_id == lawyer.id


def test_a_ladder_ends_with_the_supervisors_even_off_duty(session: Session) -> None:
    boss = a_caseworker(session, role=Role.SUPERVISOR, on_duty=False)
    teacher = a_caseworker(session, services=["教育"])
    lawyer = a_caseworker(session, services=["法律援助"])
    a_caseworker(session, on_duty=False)

    rungs = ladder(session, service="法律援助", area_code=GUANDU, now=NOW)

    assert rungs == [lawyer.id, teacher.id, boss.id]


def test_of_what_is_sealed_only_those_hear_who_are_cleared(session: Session) -> None:
    a_caseworker(session)
    cleared = a_caseworker(session, lanes=["sealed"])
    boss = a_caseworker(session, role=Role.SUPERVISOR)

    sealed = ladder(session, service="", area_code="", now=NOW, lane="sealed")
    child = ladder(session, service="", area_code="", now=NOW, lane="minor")

    assert sealed == [cleared.id, boss.id]
    assert len(child) == 3


def test_who_serves_the_place_is_called_before_who_serves_another(session: Session) -> None:
    elsewhere = a_caseworker(session, area_codes=[QUJING])
    here = a_caseworker(session, area_codes=[GUANDU])

    assert ladder(session, service="", area_code=GUANDU, now=NOW) == [here.id, elsewhere.id]
