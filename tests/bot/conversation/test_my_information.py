"""What we keep of somebody is shown, mended and deleted at their word."""

from sqlalchemy import select

from bot import audit, wording_personal
from bot.contracts import Intent
from bot.db.engine import transaction
from bot.notices.tables import StaffNotice
from bot.people.tables import Role, Staff
from bot.privacy.tables import Consent, DataRequest
from bot.tickets.tables import Ticket
from tests.bot.chat import Chat
from tests.builders import a_caseworker
from tests.conftest import NOW
from tests.fakes import FakeNlu


def a_supervisor(chat: Chat) -> int:
    with transaction(chat.line.engine) as session:
        return a_caseworker(session, role=Role.SUPERVISOR).id


def wishes(chat: Chat) -> list[tuple[str, str, str]]:
    with transaction(chat.line.engine) as session:
        return [(it.kind, it.state, it.text) for it in session.scalars(select(DataRequest))]


def test_it_says_what_there_is_and_what_can_be_done(chat: Chat, nlu: FakeNlu) -> None:
    nlu.teach("老板跑了没给工钱", Intent.HELP_REQUEST, topic="wages")
    chat.says("老板跑了没给工钱")
    with transaction(chat.line.engine) as session:
        number = session.scalars(select(Ticket.number)).one()

    said = chat.says("查看我的信息")

    assert f"登记的事：{number}" in said
    assert "话 2 条" in said
    assert "删除我的信息" in said


def test_who_looked_is_told_by_name(chat: Chat, nlu: FakeNlu) -> None:
    nlu.teach("老板跑了没给工钱", Intent.HELP_REQUEST, topic="wages")
    chat.says("老板跑了没给工钱")
    assert chat.says("谁看过我的信息") == wording_personal.LOOKED_NONE
    with transaction(chat.line.engine) as session:
        number = session.scalars(select(Ticket.number)).one()
        worker = session.scalars(select(Staff)).first()
        assert worker
        for _ in range(2):
            audit.record(
                session, deed="ticket.read", now=NOW, staff_id=worker.id,
                subject=audit.of_ticket(number), page="show",
            )  # fmt: skip

    assert "社工王芳，2 次，最近 3月2日" in chat.says("谁看过我的信息")


def test_what_is_wrong_is_taken_down_for_who_decides(chat: Chat) -> None:
    boss = a_supervisor(chat)

    assert chat.says("更正我的信息") == wording_personal.CORRECT_ASK
    said = chat.says("我不住官渡了，搬到呈贡了")

    assert said == wording_personal.CORRECT_NOTED.format(days=15)
    assert wishes(chat) == [("correct", "open", "我不住官渡了，搬到呈贡了")]
    with transaction(chat.line.engine) as session:
        [notice] = session.scalars(select(StaffNotice)).all()
        assert (notice.staff_id, notice.kind) == (boss, "data_request")


def test_deleting_is_asked_twice_and_can_be_taken_back(chat: Chat) -> None:
    assert chat.says("删除我的信息") == wording_personal.ERASE_SURE
    assert chat.says("2") == wording_personal.ERASE_KEPT
    assert wishes(chat) == []

    chat.says("删除我的信息")
    assert chat.says("1") == wording_personal.ERASE_NOTED.format(days=15, backup_days=30)
    chat.says("删除我的信息")
    chat.says("1")
    assert wishes(chat) == [("erase", "open", "")]

    assert chat.says("不删了") == wording_personal.ERASE_KEPT
    assert wishes(chat) == [("erase", "withdrawn", "")]


def test_with_a_matter_under_way_it_is_ended_first(chat: Chat, nlu: FakeNlu) -> None:
    nlu.teach("老板跑了没给工钱", Intent.HELP_REQUEST, topic="wages")
    chat.says("老板跑了没给工钱")

    assert "没办完的事" in chat.says("删除我的信息")
    chat.says("1")
    assert wishes(chat) == []


def test_yes_and_no_to_the_notice_are_kept_with_its_version(chat: Chat) -> None:
    assert chat.says("同意") == wording_personal.CONSENT_YES
    assert chat.says("同意") == wording_personal.CONSENT_YES
    assert chat.says("不同意") == wording_personal.CONSENT_NO

    with transaction(chat.line.engine) as session:
        said = [(it.version, it.given) for it in session.scalars(select(Consent))]
    assert said == [
        (wording_personal.PRIVACY_VERSION, True),
        (wording_personal.PRIVACY_VERSION, False),
    ]
