"""Reading and changing the knowledge base."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from sqlalchemy import Engine

from bot.contracts import Source
from bot.db.engine import reading, transaction
from bot.knowledge import entries
from bot.knowledge.entries import Draft, EntryView
from bot.knowledge.search import KnowledgeSearch
from bot.people.tables import Role, Staff
from tests.conftest import NOW
from tests.handlers.console.conftest import Browser

Enter = Callable[[Role], Browser]
QUESTION = "工程包给个人，工资该哪个给"
DRAFT = Draft(
    question=QUESTION,
    variants=("包工头跑了找哪个",),
    answer="由总包单位先垫付，打12333投诉。",
    sources=(Source("保障农民工工资支付条例", "第三十条"),),
    topic="wages",
    subject="欠薪",
)
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


@pytest.fixture
def entry(engine: Engine) -> str:
    """Something in force."""
    with transaction(engine) as session:
        author = Staff(login="author", name="原作者", password_hash="!", created_at=NOW)
        session.add(author)
        session.flush()
        entry_id = entries.create(session, DRAFT, author_id=author.id, now=NOW).entry_id
        entries.publish(session, entry_id, staff_id=author.id, now=NOW)
    return entry_id


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


def test_the_preview_is_what_a_resident_reads(as_role: Enter, entry: str) -> None:
    page = as_role(Role.CASEWORKER).open(f"/knowledge/{entry}")

    shown = re.search(r'<p class="bubble">(.*?)</p>', page.text, re.DOTALL)
    assert shown
    text = unescape(shown.group(1))
    assert text.startswith(DRAFT.answer)
    assert "《保障农民工工资支付条例》第三十条" in text
    assert "机器人答复，以当地部门为准" in text
    assert "原作者" in page.text


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


def test_entries_are_found_by_word_topic_and_state(as_role: Enter, entry: str) -> None:
    reader = as_role(Role.CASEWORKER)

    for query in ("q=包工头", "topic=wages", "state=published", f"q={entry}", ""):
        assert QUESTION in reader.open(f"/knowledge/?{query}").text, query
    for query in ("q=养老金", "topic=health", "state=withdrawn", "state=pending"):
        page = reader.open(f"/knowledge/?{query}")
        assert "没有找到" in page.text, query


def test_a_sentence_is_tried_without_a_trace(as_role: Enter, entry: str) -> None:
    reader = as_role(Role.CASEWORKER)

    page = reader.send("/knowledge/try", {"text": QUESTION, "current": entry})

    assert page.status_code == 200
    assert "直接回答" in page.text
    assert f"/knowledge/{entry}" in page.text
    assert "就是这一条" in page.text


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


def test_an_unknown_entry_is_not_found(as_role: Enter) -> None:
    admin = as_role(Role.ADMIN)

    for path in ("/knowledge/own-9999", "/knowledge/own-9999/edit"):
        assert admin.open(path).status_code == 404
