"""The page of quick replies."""

from collections.abc import Callable

from sqlalchemy import Engine, select

from bot.db.engine import transaction
from bot.people.tables import Role
from bot.replies.tables import QuickReply
from tests.handlers.console.conftest import Browser

Enter = Callable[[Role], Browser]
OWN = {"title": "要工资条", "text": "请把工资条拍照发来", "shared": "own"}


def kept(engine: Engine) -> list[QuickReply]:
    with transaction(engine) as session:
        return list(session.scalars(select(QuickReply).order_by(QuickReply.id)))


def test_an_own_phrase_is_kept_changed_and_dropped(as_role: Enter, engine: Engine) -> None:
    browser = as_role(Role.CASEWORKER)
    browser.open("/phrases/new")
    assert browser.send("/phrases/new", OWN).status_code == 303
    [row] = kept(engine)
    page = browser.open("/phrases/").text
    assert "请把工资条拍照发来" in page
    assert f"/phrases/{row.id}" in page

    browser.send(f"/phrases/{row.id}", OWN | {"text": "请拍照"})
    assert kept(engine)[0].text == "请拍照"

    browser.send(f"/phrases/{row.id}/drop")
    assert kept(engine) == []


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    as_role: Enter, engine: Engine
) -> None:
    browser = as_role(Role.CASEWORKER)
    browser.open("/phrases/new")

    answer = browser.send("/phrases/new", OWN | {"title": " "})

    assert answer.status_code == 400
    assert 'id="title-problem"' in answer.text
    assert "请把工资条拍照发来" in answer.text
    assert kept(engine) == []


def test_a_caseworker_cannot_share_and_a_supervisor_can(as_role: Enter, engine: Engine) -> None:
    caseworker = as_role(Role.CASEWORKER)
    caseworker.open("/phrases/new")
    assert caseworker.send("/phrases/new", OWN | {"shared": "all"}).status_code == 403

    supervisor = as_role(Role.SUPERVISOR)
    assert "给大家用" in supervisor.open("/phrases/new").text
    supervisor.send("/phrases/new", OWN | {"shared": "all"})

    [row] = kept(engine)
    assert row.staff_id is None
    assert "要工资条" in caseworker.open("/phrases/").text
    assert caseworker.open(f"/phrases/{row.id}").status_code == 200
    assert caseworker.send(f"/phrases/{row.id}", OWN).status_code == 403


def test_a_shipped_phrase_is_copied_to_be_changed(as_role: Enter) -> None:
    browser = as_role(Role.CASEWORKER)
    assert "copy=shipped-1" in browser.open("/phrases/").text

    page = browser.open("/phrases/new?copy=shipped-1").text

    assert "我是社工〔姓名〕" in page


def test_it_is_not_for_admins(as_role: Enter) -> None:
    assert as_role(Role.ADMIN).open("/phrases/").status_code == 403


def test_a_search_narrows_and_says_when_nothing_is_there(as_role: Enter) -> None:
    browser = as_role(Role.CASEWORKER)

    assert "12333" in browser.open("/phrases/?q=12333").text
    assert "没有找到" in browser.open("/phrases/?q=没有这种话").text
