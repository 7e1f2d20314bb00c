"""Changing the knowledge base."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from bot.db.engine import reading, transaction
from bot.knowledge import entries
from bot.knowledge.entries import EntryView
from bot.knowledge.search import KnowledgeSearch
from bot.people.tables import Role
from tests.conftest import NOW
from tests.handlers.console.conftest import DRAFT, QUESTION, Browser

Enter = Callable[[Role], Browser]
FORM: dict[str, object] = {
    "question": QUESTION,
    "answer": "先找项目部劳资专管员，不给就打12333投诉。",
    "variants": "包工头跑了找哪个\n 老板卷钱跑咯咋个办 \n\n",
    "topic": "wages",
    "subject": "欠薪",
    "scope": "national",
    "hotlines": "12333、12348",
    "source_title": ["保障农民工工资支付条例", ""],
    "source_article": ["第三十条", ""],
    "source_document_number": ["", ""],
    "source_effective_date": ["2020年5月1日", ""],
    "source_version": ["", ""],
}


def stored(engine: Engine, entry_id: str) -> EntryView:
    with transaction(engine) as session:
        return entries.get(session, entry_id)


def found(engine: Engine, text: str) -> list[str]:
    with reading(engine) as session:
        finding = KnowledgeSearch().find(session, text, today=NOW.date())
        return [hit.answer for hit in finding.hits]


def test_what_is_published_is_in_force_for_the_next_message(
    as_role: Enter, engine: Engine, entry: str
) -> None:
    admin = as_role(Role.ADMIN)
    admin.open(f"/knowledge/{entry}/edit")

    done = admin.send(f"/knowledge/{entry}/edit", {**FORM, "based_on": "1", "do": "publish"})

    assert done.status_code == 302
    assert found(engine, "老板卷钱跑咯咋个办") == [FORM["answer"]]
    page = admin.open(done.headers["Location"])
    assert "居民的下一条消息就按新内容回答" in page.text
    assert stored(engine, entry).newest.hotlines == ["12333", "12348"]


def test_a_saved_draft_changes_nothing_for_residents(
    as_role: Enter, engine: Engine, entry: str
) -> None:
    admin = as_role(Role.ADMIN)

    admin.send(f"/knowledge/{entry}/edit", {**FORM, "based_on": "1", "do": "save"})

    assert found(engine, "包工头跑了找哪个") == [DRAFT.answer]
    page = admin.open(f"/knowledge/{entry}")
    assert "有一版改动还没发布" in page.text
    admin.send(f"/knowledge/{entry}/publish", {"number": "2"})
    assert found(engine, "包工头跑了找哪个") == [FORM["answer"]]


def test_a_new_entry_is_written_and_published(as_role: Enter, engine: Engine) -> None:
    done = as_role(Role.ADMIN).send("/knowledge/new", {**FORM, "do": "publish"})

    assert done.headers["Location"].startswith("/knowledge/own-0001")
    assert found(engine, QUESTION) == [FORM["answer"]]


def test_a_conflict_keeps_the_typed_text_and_shows_both(
    as_role: Enter, engine: Engine, entry: str
) -> None:
    first, second = as_role(Role.ADMIN), as_role(Role.ADMIN)
    first.send(f"/knowledge/{entry}/edit", {**FORM, "based_on": "1", "do": "save"})
    typed = {**FORM, "answer": "我写了很久的答案。", "based_on": "1", "do": "publish"}

    page = second.send(f"/knowledge/{entry}/edit", typed)

    assert page.status_code == 409
    assert "别人刚刚改过这一条" in page.text
    assert "我写了很久的答案。</textarea>" in page.text
    assert str(FORM["answer"]) in page.text
    assert stored(engine, entry).newest.number == 2

    again = re.search(r'name="based_on" value="(\d+)"', page.text)
    assert again
    second.send(f"/knowledge/{entry}/edit", {**typed, "based_on": again.group(1)})
    first.send(f"/knowledge/{entry}/publish", {"number": "3"})
    assert found(engine, QUESTION) == ["我写了很久的答案。"]


def test_publishing_what_somebody_changed_meanwhile_is_refused(
    as_role: Enter, engine: Engine, entry: str
) -> None:
    admin = as_role(Role.ADMIN)
    admin.send(f"/knowledge/{entry}/edit", {**FORM, "based_on": "1", "do": "save"})

    page = admin.send(f"/knowledge/{entry}/publish", {"number": "1"})

    assert page.status_code == 409
    assert found(engine, QUESTION) == [DRAFT.answer]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"answer": "长" * 601}, "answer"),
        ({"question": " "}, "question"),
        ({"topic": "none"}, "topic"),
        ({"valid_from": "2026-05-01", "valid_until": "2026-04-01"}, "valid_until"),
        ({"valid_until": "明天"}, "valid_until"),
    ],
)
def test_a_problem_stands_beside_its_field(
    as_role: Enter, entry: str, *, wrong: dict[str, object], field: str
) -> None:
    form = {**FORM, "editor_note": "还没核对文号", "based_on": "1", "do": "save", **wrong}

    page = as_role(Role.ADMIN).send(f"/knowledge/{entry}/edit", form)

    assert page.status_code == 400
    assert re.search(rf'name="{field}"[^>]*aria-invalid="true"', page.text)
    assert "还没核对文号</textarea>" in page.text
    assert "老板卷钱跑咯咋个办" in page.text


def test_an_entry_without_a_source_is_refused(as_role: Enter, entry: str) -> None:
    form = {**FORM, "source_title": ["", ""], "source_article": ["", ""],
            "source_effective_date": ["", ""], "based_on": "1"}  # fmt: skip

    page = as_role(Role.ADMIN).send(f"/knowledge/{entry}/edit", form)

    assert "请至少填一个出处" in page.text


def test_a_row_for_a_source_is_added_without_a_script(
    as_role: Enter, engine: Engine, entry: str
) -> None:
    page = as_role(Role.ADMIN).send(
        f"/knowledge/{entry}/edit", {**FORM, "based_on": "1", "do": "more"}
    )

    assert page.text.count('name="source_title"') == 3
    assert stored(engine, entry).newest.number == 1


def test_a_phrasing_is_added_in_one_step(as_role: Enter, engine: Engine, entry: str) -> None:
    admin = as_role(Role.ADMIN)

    admin.send(f"/knowledge/{entry}/variants", {"text": "活路干完钱拿不着"})

    view = stored(engine, entry)
    assert view.published is view.newest
    assert view.newest.variants[-1] == "活路干完钱拿不着"


def test_a_phrasing_added_beside_a_draft_does_not_publish_the_draft(
    as_role: Enter, engine: Engine, entry: str
) -> None:
    admin = as_role(Role.ADMIN)
    admin.send(f"/knowledge/{entry}/edit", {**FORM, "based_on": "1", "do": "save"})

    admin.send(f"/knowledge/{entry}/variants", {"text": "活路干完钱拿不着"})

    assert found(engine, QUESTION) == [DRAFT.answer]


def test_a_withdrawn_entry_answers_no_more(as_role: Enter, engine: Engine, entry: str) -> None:
    admin = as_role(Role.ADMIN)

    admin.send(f"/knowledge/{entry}/withdraw")

    assert found(engine, QUESTION) == []
    assert "已经撤下" in admin.open(f"/knowledge/{entry}").text


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.SUPERVISOR])
def test_only_admins_change_entries(
    as_role: Enter, engine: Engine, *, entry: str, role: Role
) -> None:
    reader = as_role(role)

    assert reader.open("/knowledge/new").status_code == 403
    assert reader.open(f"/knowledge/{entry}/edit").status_code == 403
    for deed in ("edit", "publish", "withdraw", "variants"):
        answer = reader.send(f"/knowledge/{entry}/{deed}", {**FORM, "text": "x", "based_on": "1"})
        assert answer.status_code == 403, deed
    assert "编辑" not in reader.open(f"/knowledge/{entry}").text
    assert stored(engine, entry).newest.number == 1


def test_a_local_version_names_its_general_entry_and_both_show_each_other(
    as_role: Enter, engine: Engine, entry: str
) -> None:
    admin = as_role(Role.ADMIN)
    admin.open("/knowledge/new")
    local = {**FORM, "scope": "530111", "variant_of": entry, "do": "publish"}

    done = admin.send("/knowledge/new", local)

    assert done.status_code == 302
    shown = admin.open(done.headers["Location"]).text
    assert "这是昆明市官渡区的规定。" in shown
    assert f'href="/knowledge/{entry}">{entry}</a>' in shown
    assert ">昆明市官渡区</a>" in admin.open(f"/knowledge/{entry}").text


def test_a_local_version_of_nothing_is_refused_beside_its_field(
    as_role: Enter, engine: Engine, entry: str
) -> None:
    admin = as_role(Role.ADMIN)
    admin.open("/knowledge/new")

    refused = admin.send("/knowledge/new", {**FORM, "scope": "530111", "variant_of": "wage99"})

    assert refused.status_code == 400
    assert "没有这个条目" in refused.text
    assert 'name="variant_of" value="wage99"' in refused.text
    assert re.search(r'id="variant_of"[^>]*aria-invalid="true"', refused.text)
