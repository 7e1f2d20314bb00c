"""Ready phrases: whose they are, how they are found, what is filled in."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from bot.errors import InvalidInputError, NotAllowedError, NotFoundError
from bot.people.tables import Organisation, Role, Staff, Team
from bot.replies import phrases
from bot.replies.filling import fill
from bot.replies.phrases import Draft, Shared
from bot.settings import Settings
from tests.builders import a_caseworker, a_ticket
from tests.conftest import NOW


@pytest.fixture
def boss(session: Session) -> Staff:
    return a_caseworker(session, name="赵敏", role=Role.SUPERVISOR)


def a_team(session: Session, name: str) -> int:
    organisation = Organisation(name=f"{name}中心", created_at=NOW)
    session.add(organisation)
    session.flush()
    team = Team(organisation_id=organisation.id, name=name)
    session.add(team)
    session.flush()
    return team.id


def titles(session: Session, staff: Staff) -> list[str]:
    found = phrases.visible_to(session, staff)
    return [phrase.title for phrase in found if phrase.shared != Shared.SHIPPED]


def test_each_sees_their_own_their_teams_and_everybodys(session: Session, boss: Staff) -> None:
    east, west = a_team(session, "东组"), a_team(session, "西组")
    fang, qiang = a_caseworker(session, team_id=east), a_caseworker(session, team_id=west)
    phrases.keep(session, Draft("我的话", "一", Shared.OWN), by=fang, now=NOW)
    phrases.keep(session, Draft("东组的话", "二", Shared.TEAM, east), by=boss, now=NOW)
    phrases.keep(session, Draft("大家的话", "三", Shared.ALL), by=boss, now=NOW)

    assert titles(session, fang) == ["我的话", "东组的话", "大家的话"]
    assert titles(session, qiang) == ["大家的话"]
    assert titles(session, boss) == ["东组的话", "大家的话"]


def test_what_is_shared_only_a_supervisor_changes(session: Session, boss: Staff) -> None:
    fang = a_caseworker(session)
    row = phrases.keep(session, Draft("大家的话", "三", Shared.ALL), by=boss, now=NOW)

    with pytest.raises(NotAllowedError):
        phrases.keep(session, Draft("改", "改", Shared.ALL), by=fang, now=NOW, key=str(row.id))
    with pytest.raises(NotAllowedError):
        phrases.drop(session, str(row.id), by=fang)
    with pytest.raises(NotAllowedError):
        phrases.keep(session, Draft("新的", "新的", Shared.ALL), by=fang, now=NOW)


def test_nobody_touches_another_persons(session: Session, boss: Staff) -> None:
    fang = a_caseworker(session)
    row = phrases.keep(session, Draft("我的话", "一", Shared.OWN), by=fang, now=NOW)

    for key in (str(row.id), "shipped-1", "99", "x"):
        with pytest.raises(NotFoundError):
            phrases.drop(session, key, by=boss)


def test_words_find_titles_before_texts_and_use_brings_forward(session: Session) -> None:
    fang = a_caseworker(session)
    for title, text in (("问地方", "工钱在哪欠的"), ("问工钱", "欠多少"), ("再问工钱", "几个人")):
        phrases.keep(session, Draft(title, text, Shared.OWN), by=fang, now=NOW)
    last = phrases.get(session, fang, phrases.search(session, fang, "再问")[0].key)

    phrases.note_used(session, fang, [last.key, "shipped-1"])

    found = [phrase.title for phrase in phrases.search(session, fang, "工钱")]
    assert found[:3] == ["再问工钱", "问工钱", "问地方"]


@pytest.mark.parametrize(
    ("draft", "says"),
    [
        (Draft(" ", "话", Shared.OWN), "名称还没有写"),
        (Draft("名", " ", Shared.OWN), "内容还没有写"),
        (Draft("名", "长" * 601, Shared.OWN), "内容太长"),
    ],
)
def test_what_is_wrong_is_said_by_field(session: Session, draft: Draft, says: str) -> None:
    with pytest.raises(InvalidInputError, match=says):
        phrases.keep(session, draft, by=a_caseworker(session), now=NOW)


def test_gaps_are_filled_with_name_number_and_promise(
    session: Session, settings: Settings
) -> None:
    ticket = a_ticket(session)
    text = "我是〔姓名〕，编号 〔编号〕，〔时间〕前回您。"

    def filled(now_: object = NOW) -> str:
        return fill(text, ticket=ticket, staff=a_caseworker(session), now=now_, settings=settings)  # type: ignore[arg-type]

    assert filled() == f"我是王芳，编号 {ticket.number}，明天上午10点前回您。"
    assert "今天前回您" in filled(NOW + timedelta(days=3))


def test_what_is_shipped_can_be_filled_and_is_short() -> None:
    for phrase in phrases.shipped():
        assert len(phrase.title) <= phrases.LONGEST_TITLE
        assert len(phrase.text) <= 120
