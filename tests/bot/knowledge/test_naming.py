"""A bare word brings the entries it is the word for, the general one first."""

from sqlalchemy.orm import Session

from bot.contracts import Action
from bot.knowledge.search import KnowledgeSearch
from tests.bot.knowledge.builders import TODAY

Full = tuple[KnowledgeSearch, Session]


def found(full: Full, text: str) -> list[str]:
    search, session = full
    finding = search.find(session, text, today=TODAY)
    assert finding.band == Action.OFFER
    assert finding.named
    return [hit.question for hit in finding.hits]


def test_the_general_question_comes_first(full: Full) -> None:
    assert found(full, "低保")[0] == "低保怎么申请"


def test_a_part_of_the_subject_names_it(full: Full) -> None:
    assert any("合同" in question for question in found(full, "合同"))


def test_a_word_with_punctuation_is_the_same_word(full: Full) -> None:
    assert found(full, "离婚？") == found(full, "离婚")


def test_a_word_of_many_questions_names_none(full: Full) -> None:
    search, session = full
    assert not search.find(session, "老板", today=TODAY).named


def test_a_whole_question_is_no_bare_word(full: Full) -> None:
    search, session = full
    finding = search.find(session, "低保怎么申请", today=TODAY)

    assert finding.band == Action.ANSWER
    assert not finding.named
