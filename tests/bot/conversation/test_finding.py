"""A question whose words find no sure answer is encoded; nothing waits for the encoder."""

from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import Engine

from bot.contracts import Intent, Understanding
from bot.conversation.finding import NOTHING_FOUND, find_answer, with_vector
from bot.db.engine import reading, transaction
from bot.knowledge.encode import encode_missing
from bot.knowledge.search import KnowledgeSearch
from bot.understanding.reader import Reading
from tests.bot.knowledge.builders import TODAY, FakeEncoder, a_draft, an_entry

UNSURE = "我家娃娃想来昆明读书，不晓得咋个整"
ASKED = Reading(Understanding(Intent.POLICY_QUESTION, 0.9), None)


@pytest.fixture
def known(engine: Engine) -> Engine:
    """Three entries with their vectors."""
    with transaction(engine) as session:
        an_entry(session, a_draft("孩子在城里上学要什么材料", topic="education"))
        an_entry(session, a_draft("承包地能不能转给别人种", topic="land"))
        an_entry(session, a_draft("厂里不给加班钱找哪个"))
    encode_missing(partial(transaction, engine), FakeEncoder())
    return engine


def encoded(engine: Engine, read: Reading, text: str, encoder: FakeEncoder) -> Reading:
    return with_vector(
        read,
        text,
        KnowledgeSearch(),
        encoder,
        today=TODAY,
        area="",
        opened=partial(reading, engine),
    )[0]


def test_a_question_that_words_leave_open_gets_its_vector(known: Engine) -> None:
    read = encoded(known, ASKED, UNSURE, FakeEncoder())

    assert read.understanding.vector is not None


def test_a_question_in_the_entrys_own_words_is_not_encoded(known: Engine) -> None:
    encoder = FakeEncoder()

    read = encoded(known, ASKED, "承包地能不能转给别人种", encoder)

    assert (read, encoder.asked) == (ASKED, [])


@pytest.mark.parametrize(
    "meant",
    [
        Understanding(Intent.GREETING, 0.9),
        Understanding(Intent.POLICY_QUESTION, 0.9, source="standin"),
        Understanding(Intent.POLICY_QUESTION, 0.0, source=""),
    ],
)
def test_what_wants_no_answer_or_was_not_read_by_the_nlu_is_not_encoded(
    known: Engine, meant: Understanding
) -> None:
    encoder = FakeEncoder()

    encoded(known, Reading(meant, None), UNSURE, encoder)

    assert encoder.asked == []


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        (Intent.POLICY_QUESTION, "明天会下雨吗"),
        (Intent.DISPUTE, "他昨天又来骂我，还把门踢坏了"),
    ],
)
def test_what_a_vector_could_not_save_is_not_encoded(
    known: Engine, intent: Intent, text: str
) -> None:
    encoder = FakeEncoder()

    encoded(known, Reading(Understanding(intent, 0.9), None), text, encoder)

    assert encoder.asked == []


def test_an_encoder_that_does_not_answer_is_gone_on_without(known: Engine) -> None:
    assert encoded(known, ASKED, UNSURE, FakeEncoder(down=True)) == ASKED


def test_without_vectors_of_entries_nobody_is_asked(engine: Engine) -> None:
    encoder = FakeEncoder()
    with transaction(engine) as session:
        an_entry(session, a_draft("厂里不给加班钱找哪个"))

    encoded(engine, ASKED, UNSURE, encoder)

    assert encoder.asked == []


def test_a_message_that_nobody_read_finds_nothing(known: Engine) -> None:
    unread = Reading(replace(ASKED.understanding, source=""), None)

    with reading(known) as session:
        found = find_answer(session, UNSURE, KnowledgeSearch(), unread, today=TODAY, area="")

    assert found == NOTHING_FOUND


def test_what_words_find_holds_where_the_resident_lives(known: Engine) -> None:
    with transaction(known) as session:
        local = an_entry(session, a_draft("高龄补贴一个月多少", topic="elderly", scope="530100"))

    found = {
        area: with_vector(
            ASKED,
            "高龄补贴一个月多少",
            KnowledgeSearch(),
            FakeEncoder(down=True),
            today=TODAY,
            area=area,
            opened=partial(reading, known),
        )[1]
        for area in ("530111", "530600")
    }

    there, elsewhere = found["530111"], found["530600"]
    assert there is not None
    assert elsewhere is not None
    assert there.hits[0].entry_id == local
    assert local not in {hit.entry_id for hit in elsewhere.hits}
