"""What cannot be an entry is refused with a sentence that says what to do."""

from datetime import date

import pytest

from bot.contracts import Source
from bot.errors import InvalidInputError
from bot.knowledge.drafts import checked, digest
from tests.bot.knowledge.builders import a_draft


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"answer": "  "}, "请填写答案"),
        ({"answer": "字" * 601}, "现在多了1个字"),
        ({"sources": ()}, "至少填一个出处"),
        ({"sources": (Source("", "第三条"),)}, "都要有名称"),
        ({"topic": "moon"}, "从列表里选"),
        ({"topic": "none"}, "从列表里选"),
        (
            {"valid_from": date(2026, 2, 1), "valid_until": date(2026, 1, 1)},
            "结束日期早于开始日期",
        ),
        ({"variants": ("长" * 201,)}, "最多200个字"),
        ({"variants": tuple(f"问法{n}" for n in range(61))}, "问法最多60条"),
        ({"scope": ""}, "选择适用地区"),
        ({"audience": "人" * 81}, "适用人群最多80个字"),
    ],
)
def test_a_draft_that_cannot_be_an_entry_is_refused(fields: dict[str, object], says: str) -> None:
    with pytest.raises(InvalidInputError, match=says):
        checked(a_draft(**fields))  # type: ignore[arg-type]


def test_a_question_is_needed() -> None:
    with pytest.raises(InvalidInputError, match="请填写标准问题"):
        checked(a_draft(" "))


def test_stray_spaces_and_repeated_phrasings_are_dropped() -> None:
    clean = checked(a_draft(" 怎么办 ", variants=("", "咋整 ", "咋整", "怎么办")))

    assert clean.question == "怎么办"
    assert clean.variants == ("咋整",)


def test_the_same_content_has_the_same_digest() -> None:
    assert digest(a_draft()) == digest(a_draft())
    assert digest(a_draft()) != digest(a_draft(answer="别的。"))
