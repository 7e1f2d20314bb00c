"""A question finds its entry, and is answered only where that is sure."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.contracts import Action, Finding
from bot.db.engine import reading, transaction
from bot.knowledge import entries
from bot.knowledge.load import read_cards
from bot.knowledge.search import KnowledgeSearch
from tests.bot.knowledge.builders import CARDS, TODAY, a_draft, an_entry
from tests.builders import a_caseworker
from tests.conftest import NOW

Full = tuple[KnowledgeSearch, Session]


def find(full: Full, text: str, **asked: object) -> Finding:
    search, session = full
    return search.find(session, text, today=TODAY, **asked)  # type: ignore[arg-type]


def find_in(session: Session, text: str, *, today: date = TODAY, area: str = "") -> Finding:
    return KnowledgeSearch().find(session, text, today=today, area=area)


def three_entries(session: Session, draft: entries.Draft) -> str:
    """The entry under test among two others."""
    an_entry(session, a_draft("孩子在城里上学要什么材料", topic="education", subject="义务教育"))
    an_entry(session, a_draft("承包地能不能转给别人种", topic="land", subject="土地流转"))
    return an_entry(session, draft)


def test_every_card_is_found_first_by_its_own_question(full: Full) -> None:
    for entry_id, card in read_cards(CARDS).items():
        finding = find(full, card.question)

        assert finding.hits[0].entry_id == entry_id
        assert finding.band == Action.ANSWER


def test_a_question_in_other_words_finds_its_entry(full: Full) -> None:
    finding = find(full, "包工头跑了，能不能喊总公司给我们发工钱")

    assert finding.hits[0].entry_id == "wage02"
    assert 0 < finding.confidence <= 1
    assert len(finding.hits) == 5


def test_hits_come_with_all_that_an_answer_shows(full: Full) -> None:
    hit = find(full, "工伤怎么申请认定").hits[0]

    assert hit.topic == "work_injury"
    assert hit.answer
    assert hit.sources[0].title == "工伤保险条例"
    assert hit.score > 0


@pytest.mark.parametrize("text", ["", " ", "！？", "😀", "hello world", "zzz"])
def test_a_text_with_nothing_to_find_is_declined(full: Full, text: str) -> None:
    finding = find(full, text)

    assert finding.band == Action.DECLINE
    assert finding.hits == ()


@pytest.mark.parametrize("text", ["我", "钱", "工资", "离婚", "低保" * 5000, "工资，" * 3000])
def test_very_short_and_very_long_texts_are_not_answered(full: Full, text: str) -> None:
    assert find(full, text).band != Action.ANSWER


@pytest.mark.parametrize("text", ["低保", "工伤", "工资"])
def test_a_bare_word_is_asked_back(full: Full, text: str) -> None:
    assert find(full, text).band == Action.OFFER


def test_chat_is_declined(full: Full) -> None:
    assert find(full, "今晚吃火锅还是米线").band == Action.DECLINE


def test_the_topic_of_the_message_puts_its_entries_first(full: Full) -> None:
    text = "怎么申请，要什么材料"
    residence = find(full, text, topics=[("residence", 0.9), ("assistance", 0.05)])
    assistance = find(full, text, topics=[("assistance", 0.9), ("residence", 0.05)])

    assert residence.hits[0].topic == "residence"
    assert assistance.hits[0].topic == "assistance"


def test_a_message_surely_about_something_else_is_not_answered(full: Full) -> None:
    question = read_cards(CARDS)["wage11"].question

    finding = find(full, question, topics=[("traffic", 0.95), ("wages", 0.01)])

    assert finding.band == Action.OFFER
    assert finding.hits[0].entry_id == "wage11"


def test_a_topic_that_no_entry_has_holds_none_back(session: Session) -> None:
    three_entries(session, a_draft("住院押金要交多少", variants=(), topic="health"))

    full = (KnowledgeSearch(), session)

    held = find(full, "住院押金要交多少", topics=[("education", 0.95), ("health", 0.01)])
    found = find(full, "住院押金要交多少", topics=[("assistance", 0.95), ("health", 0.01)])

    assert held.band == Action.OFFER
    assert found.band == Action.ANSWER


def test_an_opposite_question_is_asked_back(session: Session) -> None:
    an_entry(session, a_draft("法院立案要什么材料", variants=("法院不立案的材料",), topic="debt"))

    assert find_in(session, "法院立案要什么材料").band == Action.ANSWER
    assert find_in(session, "法院不立案要什么材料").band != Action.ANSWER


def test_an_expired_entry_is_never_shown(session: Session) -> None:
    ends = TODAY - timedelta(days=1)
    entry_id = three_entries(session, a_draft(valid_until=ends))

    on_the_day = find_in(session, "老板拖欠工资怎么办", today=ends)
    after = find_in(session, "老板拖欠工资怎么办")

    assert (on_the_day.band, on_the_day.hits[0].entry_id) == (Action.ANSWER, entry_id)
    assert after.band != Action.ANSWER
    assert entry_id not in {hit.entry_id for hit in after.hits}


def test_an_entry_not_yet_valid_is_never_shown(session: Session) -> None:
    entry_id = an_entry(session, a_draft(valid_from=TODAY + timedelta(days=1)))
    search = KnowledgeSearch()

    finding = search.find(session, "老板拖欠工资怎么办", today=TODAY)

    assert (finding.band, finding.hits) == (Action.DECLINE, ())
    assert search.entry(session, entry_id, today=TODAY) is None
    assert search.entry(session, entry_id, today=TODAY + timedelta(days=1)) is not None


def test_a_local_entry_is_not_answered_to_people_elsewhere(session: Session) -> None:
    question = "昭通的高龄补贴一个月多少"
    entry_id = three_entries(session, a_draft(question, topic="elderly", scope="530100"))

    there, elsewhere = (find_in(session, question, area=a) for a in ("530111", "530600"))

    assert (there.band, there.hits[0].entry_id) == (Action.ANSWER, entry_id)
    assert elsewhere.band != Action.ANSWER
    assert entry_id not in {hit.entry_id for hit in elsewhere.hits}


def test_an_empty_knowledge_base_declines(session: Session) -> None:
    search = KnowledgeSearch()

    assert search.find(session, "老板拖欠工资", today=TODAY).band == Action.DECLINE
    assert search.entry(session, "wage01", today=TODAY) is None
    assert search.topics(session, "老板拖欠工资") == []


def test_drafts_and_withdrawn_entries_are_not_found(session: Session) -> None:
    draft = an_entry(session, published=False)
    entry_id, staff = an_entry(session), a_caseworker(session)
    search = KnowledgeSearch()
    search.refresh(session)

    entries.withdraw(session, entry_id, staff_id=staff.id, now=NOW)

    assert search.entry(session, entry_id, today=TODAY) is None
    assert search.entry(session, draft, today=TODAY) is None
    assert search.find(session, "老板拖欠工资怎么办", today=TODAY).hits == ()


def test_what_is_published_is_found_by_the_next_question_in_every_process(engine: Engine) -> None:
    here, there = KnowledgeSearch(), KnowledgeSearch()
    with reading(engine) as session:
        before = there.find(session, "老板拖欠工资怎么办", today=TODAY)

    with transaction(engine) as session:
        entry_id = an_entry(session)
        here.refresh(session)
    with reading(engine) as session:
        after = there.find(session, "老板拖欠工资怎么办", today=TODAY)

    assert before.hits == ()
    assert after.hits[0].entry_id == entry_id


def test_the_topics_of_a_text_are_those_of_the_entries_it_finds(full: Full) -> None:
    search, session = full

    topics = search.topics(session, "工地上摔断了腿算不算工伤")

    assert topics[0][0] == "work_injury"
    assert sum(share for _, share in topics) == pytest.approx(1, abs=1e-3)
