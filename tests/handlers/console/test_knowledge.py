"""Reading the knowledge base."""

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot import inbox
from bot.contracts import Push
from bot.conversation.tables import AnswerGiven
from bot.db.engine import transaction
from bot.knowledge import entries
from bot.people.tables import Role
from bot.understanding.crisis import all_rules, crisis_rules
from tests.builders import a_caseworker, a_resident
from tests.conftest import NOW
from tests.handlers.console.conftest import DRAFT, QUESTION, Browser

Enter = Callable[[Role], Browser]


def test_the_preview_is_what_a_resident_reads(as_role: Enter, entry: str) -> None:
    page = as_role(Role.CASEWORKER).open(f"/knowledge/{entry}")

    shown = re.search(r'<p class="bubble">(.*?)</p>', page.text, re.DOTALL)
    assert shown
    text = unescape(shown.group(1))
    assert text.startswith(DRAFT.answer)
    assert "《保障农民工工资支付条例》第三十条" in text
    assert "机器人答复，以当地部门为准" in text
    assert "原作者" in page.text


def test_entries_are_found_by_word_topic_and_state(as_role: Enter, entry: str) -> None:
    reader = as_role(Role.CASEWORKER)

    for query in ("q=包工头", "topic=wages", "state=published", f"q={entry}", ""):
        assert QUESTION in reader.open(f"/knowledge/?{query}").text, query
    for query in ("q=养老金", "topic=health", "state=withdrawn", "state=pending"):
        page = reader.open(f"/knowledge/?{query}")
        assert "没有找到" in page.text, query


def test_entries_with_one_way_to_ask_are_listed_with_what_would_help(
    as_role: Enter, entry: str, engine: Engine
) -> None:
    reader, lone = as_role(Role.ADMIN), replace(DRAFT, question="停车怎么收费", variants=())
    with transaction(engine) as session:
        author, second = a_caseworker(session), a_caseworker(session)
        version = entries.create(session, lone, author_id=author.id, now=NOW)
        entries.publish(session, version.entry_id, staff_id=second.id, now=NOW)

    page = reader.open("/knowledge/?state=lone")

    assert "停车怎么收费" in page.text
    assert QUESTION not in page.text
    assert "每条补上三五种居民真会说的问法" in page.text


def test_where_every_entry_has_several_ways_to_ask_that_is_said(
    as_role: Enter, entry: str
) -> None:
    reader = as_role(Role.ADMIN)

    assert "每一条都有几种问法" in reader.open("/knowledge/?state=lone").text
    assert "没有找到" in reader.open("/knowledge/?state=lone&q=养老").text


def test_a_sentence_is_tried_without_a_trace(as_role: Enter, entry: str) -> None:
    reader = as_role(Role.CASEWORKER)

    page = reader.send("/knowledge/try", {"text": QUESTION, "current": entry})

    assert page.status_code == 200
    assert "直接回答" in page.text
    assert f"/knowledge/{entry}" in page.text
    assert "就是这一条" in page.text


def test_everybody_may_read_what_counts_as_a_crisis_and_try_a_sentence(as_role: Enter) -> None:
    reader = as_role(Role.CASEWORKER)
    page = reader.open("/knowledge/dangers/").text

    assert crisis_rules().changed_by in page
    assert all(rule.says in unescape(page) for rule in all_rules())
    assert "规则“" in reader.send("/knowledge/dangers/", {"text": "我不想活了"}).text
    assert "没有规则命中" in reader.send("/knowledge/dangers/", {"text": "低保怎么办"}).text


def test_an_unknown_entry_is_not_found(as_role: Enter) -> None:
    admin = as_role(Role.ADMIN)

    for path in ("/knowledge/own-9999", "/knowledge/own-9999/edit"):
        assert admin.open(path).status_code == 404


def test_what_residents_said_is_counted_version_by_version(
    as_role: Enter, engine: Engine, entry: str
) -> None:
    with transaction(engine) as session:
        for useful in (True, True, False, None):
            an_answer(session, entry, useful=useful)

    page = as_role(Role.CASEWORKER).open(f"/knowledge/{entry}")

    assert "答过 4 次，有用 2，没用 1" in page.text


def an_answer(session: Session, entry_id: str, *, useful: bool | None) -> None:
    resident = a_resident(session)
    push = Push(
        key=resident.openid,
        kind="text",
        openid=resident.openid,
        account_id="gh",
        sent_at=NOW,
        text=QUESTION,
    )
    message = inbox.store(session, push, resident_id=resident.id, now=NOW)
    session.add(
        AnswerGiven(
            resident_id=resident.id,
            inbound_id=message.id,
            version_id=entries.get(session, entry_id).newest.id,
            confidence=0.9,
            useful=useful,
            at=NOW,
        )
    )
