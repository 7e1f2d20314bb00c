"""Which version of an entry answers people of which place."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.contracts import Action, Fit
from bot.errors import InvalidInputError
from bot.knowledge import entries
from bot.knowledge.drafts import Draft, digest
from bot.knowledge.load import load_cards
from bot.knowledge.scope import covers
from bot.knowledge.search import KnowledgeSearch
from tests.bot.knowledge.builders import TODAY, a_draft, an_entry
from tests.builders import a_caseworker
from tests.conftest import NOW

QUESTION = "八十岁老人的高龄补贴一个月多少"
KUNMING, GUANDU, QUJING, YUNNAN = "530100", "530111", "530300", "530000"


def draft(scope: str, of: str = "", **fields: object) -> Draft:
    content = {"answer": f"{scope}的标准", "topic": "elderly", "subject": "高龄", "variants": ()}
    return a_draft(QUESTION, scope=scope, variant_of=of, **(content | fields))


@pytest.fixture
def family(session: Session) -> dict[str, str]:
    """The whole country, the province, a prefecture, a county; and two entries beside them."""
    an_entry(session)
    an_entry(session, a_draft("低保怎么申请", variants=("吃低保找哪个",), topic="assistance"))
    root = an_entry(session, draft("national"))
    return {"national": root} | {
        scope: an_entry(session, draft(scope, root)) for scope in (YUNNAN, KUNMING, GUANDU)
    }


@pytest.mark.parametrize(
    ("area", "scope", "fits"),
    [
        ("", "national", Fit.NEARER),
        ("530000", YUNNAN, Fit.NEARER),
        (KUNMING, KUNMING, Fit.NEARER),
        (GUANDU, GUANDU, Fit.HOLDS),
        ("530112", KUNMING, Fit.HOLDS),
        (QUJING, YUNNAN, Fit.HOLDS),
    ],
)
def test_the_most_local_version_in_force_answers(
    session: Session, family: dict[str, str], area: str, scope: str, fits: Fit
) -> None:
    finding = KnowledgeSearch().find(session, QUESTION, today=TODAY, area=area)

    assert finding.band == Action.ANSWER
    hit = finding.hits[0]
    assert (hit.entry_id, hit.scope, hit.fits) == (family[scope], scope, fits)
    assert sum(one.question == QUESTION for one in finding.hits) == 1


def test_a_version_no_longer_in_force_leaves_the_word_to_the_next(session: Session) -> None:
    root = an_entry(session, draft("national"))
    an_entry(session, draft(KUNMING, root, valid_until=TODAY - timedelta(days=1)))

    hit = KnowledgeSearch().entry(session, root, today=TODAY, area=KUNMING)

    assert hit is not None
    assert (hit.entry_id, hit.fits) == (root, Fit.HOLDS)


def test_where_others_have_their_own_the_general_one_says_so(session: Session) -> None:
    root = an_entry(session, draft("national"))
    an_entry(session, draft(KUNMING, root))

    hit = KnowledgeSearch().entry(session, root, today=TODAY, area=QUJING)

    assert hit is not None
    assert hit.fits == Fit.GENERAL


def test_a_phrasing_of_one_version_finds_the_family(session: Session) -> None:
    an_entry(session)
    root = an_entry(session, draft("national"))
    local = an_entry(session, draft(KUNMING, root, variants=("老奶八十咯一个月领得着好多",)))

    finding = KnowledgeSearch().find(
        session, "老奶八十咯一个月领得着好多", today=TODAY, area=QUJING
    )

    assert finding.band == Action.ANSWER
    assert finding.hits[0].entry_id == root
    assert local not in {hit.entry_id for hit in finding.hits}


def test_a_local_entry_alone_is_for_nobody_whose_place_is_unknown(session: Session) -> None:
    only = an_entry(session, draft(KUNMING))
    search = KnowledgeSearch()

    unknown, elsewhere = (
        search.entry(session, only, today=TODAY, area=area) for area in ("", QUJING)
    )

    assert unknown is not None
    assert unknown.fits == Fit.UNKNOWN
    assert elsewhere is None


def test_the_local_versions_stay_where_the_general_one_is_withdrawn(session: Session) -> None:
    root = an_entry(session, draft("national"))
    local = an_entry(session, draft(KUNMING, root))
    entries.withdraw(session, root, staff_id=a_caseworker(session).id, now=NOW)

    hit = KnowledgeSearch().entry(session, local, today=TODAY, area=GUANDU)

    assert hit is not None
    assert hit.entry_id == local


@pytest.mark.parametrize(
    ("scope", "area", "holds"),
    [
        ("national", "", True),
        (YUNNAN, GUANDU, True),
        (KUNMING, GUANDU, True),
        (GUANDU, KUNMING, False),
        (KUNMING, QUJING, False),
        (KUNMING, "", False),
    ],
)
def test_what_holds_above_holds_below(scope: str, area: str, holds: bool) -> None:  # noqa: FBT001
    assert covers(scope, area) is holds


def test_a_variant_lies_within_its_general_entry(session: Session) -> None:
    root = an_entry(session, draft(KUNMING))

    for scope, problem in ((QUJING, "更小"), (KUNMING, "更小"), ("national", "全国")):
        with pytest.raises(InvalidInputError, match=problem):
            an_entry(session, draft(scope, root))


def test_a_variant_has_a_general_entry_that_is_none_itself(session: Session) -> None:
    root = an_entry(session, draft("national"))
    local = an_entry(session, draft(KUNMING, root))

    with pytest.raises(InvalidInputError, match=root):
        an_entry(session, draft(GUANDU, local))
    with pytest.raises(InvalidInputError, match="没有这个条目"):
        an_entry(session, draft(GUANDU, "wage99"))


def test_a_general_entry_cannot_become_a_variant(session: Session) -> None:
    root, other = (an_entry(session, draft("national")) for _ in range(2))
    an_entry(session, draft(KUNMING, root))
    author = a_caseworker(session)

    with pytest.raises(InvalidInputError, match="自己有地方版本"):
        entries.revise(
            session, root, draft(YUNNAN, other), author_id=author.id, now=NOW, based_on=1
        )


def test_a_place_has_one_version_at_a_time(session: Session) -> None:
    root = an_entry(session, draft("national"))
    first = an_entry(session, draft(KUNMING, root, valid_until=TODAY))

    with pytest.raises(InvalidInputError, match=first):
        an_entry(session, draft(KUNMING, root))
    an_entry(session, draft(KUNMING, root, valid_from=TODAY + timedelta(days=1)))


def test_a_variant_can_be_edited(session: Session) -> None:
    root = an_entry(session, draft("national"))
    local = an_entry(session, draft(KUNMING, root))
    changed = draft(KUNMING, root, answer="改过的标准")

    version = entries.revise(
        session, local, changed, author_id=a_caseworker(session).id, now=NOW, based_on=1
    )

    assert (version.number, version.variant_of) == (2, root)


def test_entries_without_variants_keep_the_hash_they_had() -> None:
    plain = a_draft()

    assert digest(plain) == ("edf7d687d54a7f13ccb3d7a98d05cf8392374a7d64d90f709920fc5cefbc003c")
    assert digest(replace(plain, variant_of="x")) != digest(plain)


CARD = (
    '{{"id": "{id}", "topic": "elderly", "subject": "高龄", "question": "{id}多少",'
    ' "variants": [], "answer": "答", "sources": [{{"title": "办法"}}],'
    ' "scope": "{scope}", "variant_of": "{of}"}}'
)


def test_a_file_may_name_the_variant_before_its_general_entry(
    session: Session, tmp_path: Path
) -> None:
    path = tmp_path / "cards.jsonl"
    cards = [("b", KUNMING, "a"), ("a", "national", "")]
    path.write_text("\n".join(CARD.format(id=i, scope=s, of=o) for i, s, o in cards), "utf-8")

    load_cards(session, path, now=NOW)

    hit = KnowledgeSearch().entry(session, "a", today=TODAY, area=KUNMING)
    assert hit is not None
    assert hit.entry_id == "b"


def test_a_file_with_a_wrong_variant_is_refused(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "cards.jsonl"
    path.write_text(CARD.format(id="b", scope=KUNMING, of="nobody"), "utf-8")

    with pytest.raises(InvalidInputError, match=r"cards\.jsonl 编号 b"):
        load_cards(session, path, now=NOW)
