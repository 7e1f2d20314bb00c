"""Policy documents are imported in versions, and found while they are published."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.audit import AuditEvent
from bot.contracts import Action, Source
from bot.errors import InvalidInputError, NotFoundError
from bot.knowledge import policies
from bot.knowledge.policies import PolicyDraft
from bot.knowledge.search import KnowledgeSearch
from bot.knowledge.tables import EntryState, PolicyDocument
from tests.bot.knowledge.builders import TODAY, a_draft, an_entry
from tests.builders import a_caseworker
from tests.conftest import NOW

TITLE = "石桥县冬季取暖补助办法"
TEXT = """第一条 为了让困难群众过好冬天，制定本办法。
第二条 烧煤取暖的特困人员家庭，每户每年补助三百元，打到惠农卡里。
第三条 申请取暖补助的人，十一月三十日以前到村委会登记，带户口簿。
第四条 冒领补助的，退回补助。
"""
ASKED = "取暖补助要在哪天以前到村委会登记"


def a_policy(text: str = TEXT, **fields: object) -> PolicyDraft:
    given = PolicyDraft(
        TITLE, text, document_number="石政发〔2026〕3号", effective_on=date(2026, 10, 1)
    )
    return replace(given, **fields)  # type: ignore[arg-type]


def published(session: Session, draft: PolicyDraft | None = None) -> PolicyDocument:
    document = policies.import_document(session, draft or a_policy(), author_id=None, now=NOW)
    return policies.publish(session, document.id, staff_id=None, now=NOW)


def test_a_published_passage_is_offered_where_no_entry_answers(session: Session) -> None:
    an_entry(session)
    published(session)

    found = KnowledgeSearch().find(session, ASKED, today=TODAY)

    assert found.band is not Action.ANSWER
    assert found.passages[0].sources == (
        Source(TITLE, "第三条", "石政发〔2026〕3号", "2026年10月1日"),
    )
    assert found.passages[0].answer.startswith("申请取暖补助的人")
    assert all(not hit.entry_id.startswith("passage") for hit in found.hits)


def test_a_passage_is_offered_in_an_empty_knowledge_base_too(session: Session) -> None:
    published(session)

    found = KnowledgeSearch().find(session, ASKED, today=TODAY)

    assert (found.band, found.hits) == (Action.DECLINE, ())
    assert found.passages


def test_where_an_entry_answers_no_passage_is_offered(session: Session) -> None:
    an_entry(session, a_draft(ASKED, answer="11月30日以前。", variants=()))
    published(session)

    found = KnowledgeSearch().find(session, ASKED, today=TODAY)

    assert (found.band, found.passages) == (Action.ANSWER, ())


def test_even_the_words_of_a_passage_are_no_answer(session: Session) -> None:
    published(session)

    found = KnowledgeSearch().find(session, f"{TITLE} 第三条", today=TODAY)

    assert found.band is Action.DECLINE


@pytest.mark.parametrize("text", ["", "？", "今天天气怎么样", "给我讲个笑话"])
def test_chatter_brings_no_passage(session: Session, text: str) -> None:
    published(session)

    assert KnowledgeSearch().find(session, text, today=TODAY).passages == ()


def test_a_draft_and_what_is_withdrawn_are_not_found(session: Session) -> None:
    search = KnowledgeSearch()
    document = policies.import_document(session, a_policy(), author_id=None, now=NOW)
    assert search.find(session, ASKED, today=TODAY).passages == ()

    policies.publish(session, document.id, staff_id=None, now=NOW)
    assert search.find(session, ASKED, today=TODAY).passages

    policies.withdraw(session, document.id, staff_id=None, now=NOW)
    assert search.find(session, ASKED, today=TODAY).passages == ()


@pytest.mark.parametrize(
    ("fields", "area", "offered"),
    [
        ({"effective_on": date(2027, 1, 1)}, "", False),
        ({"valid_until": date(2026, 11, 20)}, "", False),
        ({"valid_until": TODAY}, "", True),
        ({"scope": "530111"}, "530111", True),
        ({"scope": "530111"}, "530112", False),
        ({"scope": "530111"}, "", True),
    ],
)
def test_a_passage_is_offered_when_and_where_it_holds(
    session: Session, fields: dict[str, object], area: str, *, offered: bool
) -> None:
    published(session, replace(a_policy(), **fields))  # type: ignore[arg-type]

    found = KnowledgeSearch().find(session, ASKED, today=TODAY, area=area)

    assert bool(found.passages) == offered


def test_the_same_file_is_kept_once_and_another_is_the_next_version(session: Session) -> None:
    first = published(session)
    again = policies.import_document(session, a_policy(), author_id=None, now=NOW)
    changed = policies.import_document(
        session, a_policy(TEXT.replace("三百", "四百")), author_id=None, now=NOW
    )
    assert again is first
    assert (first.version, changed.version) == (1, 2)
    assert first.state == EntryState.PUBLISHED

    policies.publish(session, changed.id, staff_id=None, now=NOW)

    assert (first.state, changed.state) == (EntryState.WITHDRAWN, EntryState.PUBLISHED)
    assert [row.passages for row in policies.listed(session)] == [4, 4]


def test_what_was_done_stands_in_the_record(session: Session) -> None:
    author = a_caseworker(session)
    document = policies.import_document(session, a_policy(), author_id=author.id, now=NOW)
    policies.publish(session, document.id, staff_id=author.id, now=NOW)
    policies.withdraw(session, document.id, staff_id=author.id, now=NOW)

    deeds = session.execute(select(AuditEvent.deed, AuditEvent.subject)).all()

    subject = f"policy-{document.id}"
    assert [tuple(row) for row in deeds] == [
        ("policy.import", subject),
        ("policy.publish", subject),
        ("policy.withdraw", subject),
    ]


@pytest.mark.parametrize(
    ("draft", "problem"),
    [
        (PolicyDraft(" 《》", TEXT, effective_on=TODAY), "标题"),
        (PolicyDraft("长" * 201, TEXT, effective_on=TODAY), "200"),
        (PolicyDraft(TITLE, TEXT), "施行日期"),
        (a_policy(document_number="号" * 81), "文号"),
        (a_policy(valid_until=date(2026, 1, 1)), "失效日期"),
        (a_policy(" \n"), "没有正文"),
    ],
)
def test_what_cannot_be_a_document_is_refused(
    session: Session, draft: PolicyDraft, problem: str
) -> None:
    with pytest.raises(InvalidInputError, match=problem):
        policies.import_document(session, draft, author_id=None, now=NOW)


def test_a_document_that_is_not_there_cannot_be_published(session: Session) -> None:
    with pytest.raises(NotFoundError):
        policies.publish(session, 7, staff_id=None, now=NOW)


def test_files_of_either_encoding_are_read_and_others_refused() -> None:
    assert policies.read_text(TEXT.encode("utf-8-sig")) == TEXT
    assert policies.read_text(TEXT.encode("gb18030")) == TEXT
    with pytest.raises(InvalidInputError, match="纯文本"):
        policies.read_text(b"PK\x03\x04\x00\x00\xff\xfe")
    with pytest.raises(InvalidInputError, match="太大"):
        policies.read_text(b"a" * 900_001)
