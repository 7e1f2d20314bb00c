"""A large policy document is split by a chore, and its admin sees how far it has come."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select

from bot.chore_kinds import KINDS
from bot.chores import ledger
from bot.chores.tables import Chore, ChoreState
from bot.db.engine import reading, transaction
from bot.knowledge import uploads
from bot.knowledge.tables import EntryState, PolicyDocument, PolicyPassage, PolicyUpload
from bot.people.tables import Role
from bot.settings import Settings
from tests.bot.chat import a_line
from tests.bot.chores.doing import do_all
from tests.conftest import BOTH
from tests.fakes import FakeNlu, SetClock
from tests.handlers.console.conftest import Browser
from tests.handlers.console.test_knowledge_policies import TITLE, upload

Enter = Callable[[Role], Browser]
LARGE = "".join(f"第{n}条 每户每年补助三百元，{'到村委会登记，' * 30}。\n" for n in range(1, 601))


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def work(engine: Engine, settings: Settings, clock: SetClock) -> Callable[[], None]:
    return lambda: do_all(a_line(engine, settings, FakeNlu(), clock))


@BOTH
def test_a_large_file_waits_is_split_and_leads_to_its_articles(
    as_role: Enter, engine: Engine, work: Callable[[], None]
) -> None:
    admin = as_role(Role.ADMIN)

    address = upload(admin, LARGE.encode())

    assert address.startswith("/policies/uploads/")
    assert "正在拆成条文" in admin.open(address).text
    assert admin.open(f"{address}/live").status_code == 204
    assert "正在拆成条文" in admin.open("/policies/").text
    with reading(engine) as session:
        assert session.scalars(select(PolicyDocument)).all() == []

    work()

    live = admin.open(f"{address}/live").text
    with reading(engine) as session:
        document = session.scalars(select(PolicyDocument)).one()
        passages = session.scalars(select(PolicyPassage)).all()
        assert session.scalars(select(PolicyUpload.text)).all() == [""]
    assert f"/policies/{document.id}" in live
    assert "拆好了" in admin.open(address).text
    assert (document.title, document.state, len(passages)) == (TITLE, EntryState.DRAFT, 600)
    assert "正在拆成条文" not in admin.open("/policies/").text


def test_what_is_wrong_with_it_is_said(as_role: Enter, work: Callable[[], None]) -> None:
    admin = as_role(Role.ADMIN)
    address = upload(admin, ("第一条 好。\n" * 30_000).encode())

    work()

    assert "最多 2000 段" in admin.open(address).text
    assert "没有导入" in admin.open("/policies/").text


def test_a_missing_date_is_said_at_once(as_role: Enter, engine: Engine) -> None:
    assert "请填写施行日期" in upload(as_role(Role.ADMIN), LARGE.encode(), effective_on="")
    with reading(engine) as session:
        assert session.scalars(select(PolicyUpload)).all() == []


def test_what_was_lost_with_a_process_is_done_once_by_the_next(
    as_role: Enter, engine: Engine, work: Callable[[], None], clock: SetClock
) -> None:
    admin = as_role(Role.ADMIN)
    address = upload(admin, LARGE.encode())
    with transaction(engine) as session:
        (number,) = ledger.hand_out(session, now=clock())
        assert ledger.take(session, number, kinds=KINDS, now=clock()) is not None
    work()  # nobody knows yet that whoever took it is dead
    assert "正在拆成条文" in admin.open(address).text

    clock.at += ledger.LEASE
    work()

    with reading(engine) as session:
        assert session.scalars(select(Chore.state)).all() == [ChoreState.DONE]
        assert len(session.scalars(select(PolicyDocument)).all()) == 1


def test_what_no_try_could_split_says_so(as_role: Enter, engine: Engine) -> None:
    admin = as_role(Role.ADMIN)
    address = upload(admin, LARGE.encode())
    with transaction(engine) as session:
        uploads.fail(session, int(address.rpartition("/")[2]), uploads.GIVEN_UP)

    assert "再导入一次" in admin.open(address).text


def test_only_admins_see_uploads(as_role: Enter) -> None:
    address = upload(as_role(Role.ADMIN), LARGE.encode())

    for role in (Role.CASEWORKER, Role.SUPERVISOR):
        assert as_role(role).open(address).status_code == 403
        assert "正在拆成条文" not in as_role(role).open("/policies/").text
