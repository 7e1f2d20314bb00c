"""Searching the board: on both databases, within the scope, phones by permission."""

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.finding import index
from bot.people.tables import Role, Staff
from bot.tickets import board, finding
from bot.tickets.board import Filter
from bot.tickets.change import note_event
from bot.tickets.finding import MOST_READ, Candidate
from bot.tickets.tables import Ticket
from tests.builders import a_caseworker, a_ticket
from tests.conftest import NOW


@pytest.fixture
def engine(any_engine: Engine) -> Engine:
    """The same test on both databases."""
    return any_engine


def with_words(session: Session, text: str, **columns: object) -> Ticket:
    ticket = a_ticket(session, **columns)  # type: ignore[arg-type]
    note_event(session, ticket, "note", now=NOW, text=text)
    return ticket


def search(session: Session, staff: Staff, words: str, page: int = 1) -> list[int]:
    wanted = Filter(words=words, page=page)
    return [row.ticket.id for row in board.rows(session, staff, wanted=wanted, now=NOW).rows]


def test_a_phrase_is_found_as_it_was_said_not_by_its_parts(session: Session) -> None:
    boss = a_caseworker(session, role=Role.SUPERVISOR)
    whole = with_words(session, "去了小板桥的工地")
    with_words(session, "小板那边有座板桥")

    assert search(session, boss, "小板桥") == [whole.id]


def test_several_words_may_stand_apart_in_one_ticket(session: Session) -> None:
    boss = a_caseworker(session, role=Role.SUPERVISOR)
    both = with_words(session, "包工头姓杨")
    note_event(session, both, "note", now=NOW, text="在呈贡区医院")
    with_words(session, "包工头姓李")

    assert search(session, boss, "包工头 呈贡区") == [both.id]


def test_a_phone_is_found_by_whoever_has_the_ticket_in_hand_only(session: Session) -> None:
    own, other = a_caseworker(session), a_caseworker(session)
    boss = a_caseworker(session, role=Role.SUPERVISOR)
    mine = with_words(session, "电话13800001234", assignee=own)
    waiting = with_words(session, "电话13800001234", state="triage")

    assert search(session, own, "13800001234") == [mine.id]
    assert search(session, other, "13800001234") == []
    assert set(search(session, boss, "138 0000 1234")) == {mine.id, waiting.id}
    assert search(session, other, "电话") == [waiting.id]


def test_a_name_of_staff_and_an_alias_find_tickets(session: Session) -> None:
    boss = a_caseworker(session, role=Role.SUPERVISOR)
    ticket = a_ticket(session, assignee=a_caseworker(session, name="杨丽华"))
    a_ticket(session)

    assert search(session, boss, "杨丽华") == [ticket.id]
    assert search(session, boss, "杨丽") == [ticket.id]


def test_nothing_is_found_outside_the_scope(session: Session) -> None:
    with_words(session, "别人的秘密")
    admin = a_caseworker(session, role=Role.ADMIN)

    assert search(session, a_caseworker(session), "别人的秘密") == []
    assert search(session, admin, "别人的秘密") == []


def test_the_place_of_the_words_is_quoted(session: Session) -> None:
    boss = a_caseworker(session, role=Role.SUPERVISOR)
    with_words(session, "昨天下午一个人去了小板桥的工地\n没有人在")

    page = board.rows(session, boss, wanted=Filter(words="小板桥"), now=NOW)

    assert page.rows[0].quote == finding.Quote(
        before="昨天下午一个人去了", hit="小板桥", after="的工地 没有人在"
    )


def test_a_long_result_has_pages_without_doubles(session: Session) -> None:
    boss = a_caseworker(session, role=Role.SUPERVISOR)
    for _ in range(board.ROWS_A_PAGE + 2):
        index.add(session, with_words(session, "都在小板桥").id, "都在小板桥")

    first, second = (search(session, boss, "小板桥", page) for page in (1, 2))

    assert (len(first), len(second)) == (board.ROWS_A_PAGE, 2)
    assert not set(first) & set(second)


def test_a_search_that_gives_up_says_so(session: Session) -> None:
    many = [Candidate(number, named=False) for number in range(1, MOST_READ + 2)]

    found = finding.confirmed(session, many, "小板桥", most=1)

    assert (list(found.ticket_ids), found.complete) == ([], False)
