"""Who asks for two things is not answered with one of them alone."""

import pytest

from bot.contracts import Action, Finding
from bot.knowledge.several import parts_that_ask
from tests.bot.knowledge.test_search import Full, find

WAGES, PERMIT = "老板拖欠工资咋个办", "居住证到期咋个续"


def ids(finding: Finding) -> list[str]:
    return [hit.entry_id for hit in finding.hits]


@pytest.mark.parametrize("between", ["，", "。", " ", "？还有", "，另外"])
@pytest.mark.parametrize("asked", [(WAGES, PERMIT), (PERMIT, WAGES)])
def test_two_questions_in_one_message_are_both_offered(
    full: Full, asked: tuple[str, str], between: str
) -> None:
    alone = [ids(find(full, one))[0] for one in asked]

    finding = find(full, between.join(asked))

    assert (finding.band, finding.several) == (Action.OFFER, 2)
    assert ids(finding)[:2] == alone
    assert len(set(ids(finding))) == len(ids(finding))


@pytest.mark.parametrize(
    "text",
    [
        "老板拖欠工资咋个办，我该去哪点告他",
        "工伤怎么申请认定，要带哪样",
        "我在工地上把脚砸断了，老板人影都不见，给算工伤？工伤咋个申请认定嘛",
    ],
)
def test_one_thing_asked_in_several_clauses_is_one(full: Full, text: str) -> None:
    assert find(full, text).several == 1


def test_an_answer_on_two_questions_together_is_given_as_it_is(full: Full) -> None:
    finding = find(full, "协议离婚怎么办，要等多久")

    assert (finding.band, finding.several) == (Action.ANSWER, 1)


def test_half_sentences_that_were_joined_are_one_question(full: Full) -> None:
    text = f"{WAGES}，{PERMIT}"

    assert find(full, text, joined=True).several == 1


@pytest.mark.parametrize("text", ["", "？？？", "低保吗，低保呢", "今晚吃火锅吗，还是米线好吃吗"])
def test_nothing_asked_is_not_several_things(full: Full, text: str) -> None:
    assert find(full, text).several == 1


def test_a_letter_full_of_questions_is_not_searched_part_by_part(full: Full) -> None:
    text = f"{WAGES}，{PERMIT}，" * 20

    assert find(full, text).several == 1


def test_each_part_has_what_was_told_before_it() -> None:
    text = "我家住昭通，娃娃想转学 要哪些材料？居住证过期了咋个整 谢谢"

    assert list(parts_that_ask(text)) == ["我家住昭通 娃娃想转学 要哪些材料", "居住证过期了咋个整"]
