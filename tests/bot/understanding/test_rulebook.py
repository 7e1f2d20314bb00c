"""The language in which rules are written, and every rule's own examples."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SettingsError
from bot.settings import ROOT
from bot.understanding.patterns import compile_patterns, fold, squeeze
from bot.understanding.rulebook import SIGNS, Book, Rulebook, load_rulebook

FILES = ("crisis", "crisis_brief", "crisis_hints", "urgent", "standin")
BOOKS = {name: load_rulebook(ROOT / "data" / f"{name}.yaml") for name in FILES}
RULES = [(name, rule) for name in FILES for rule in BOOKS[name].book.rules]
FIRES = [(name, rule.id, text) for name, rule in RULES for text in rule.fires]
SILENT = [(name, rule.id, text) for name, rule in RULES for text in rule.silent]


def rules_that_fire(name: str, text: str) -> set[str]:
    return {match.rule for match in BOOKS[name].each(text)}


@pytest.mark.parametrize(("name", "rule", "text"), FIRES)
def test_a_rule_fires_on_its_examples(name: str, rule: str, text: str) -> None:
    assert rule in rules_that_fire(name, text)


@pytest.mark.parametrize(("name", "rule", "text"), SILENT)
def test_a_rule_is_silent_on_its_counterexamples(name: str, rule: str, text: str) -> None:
    assert rule not in rules_that_fire(name, text)


@pytest.mark.parametrize("text", BOOKS["crisis"].book.signs_examples.fires)
def test_signs_fire_together_on_their_examples(text: str) -> None:
    assert SIGNS in rules_that_fire("crisis", text)


@pytest.mark.parametrize("text", BOOKS["crisis"].book.signs_examples.silent)
def test_signs_are_silent_on_their_counterexamples(text: str) -> None:
    assert SIGNS not in rules_that_fire("crisis", text)


@pytest.mark.parametrize("name", FILES)
def test_rules_have_names_of_their_own(name: str) -> None:
    names = [rule.id for rule in BOOKS[name].book.rules]

    assert len(set(names)) == len(names)


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    for book in BOOKS.values():
        book.first(text)


def found(pattern: str, text: str, **groups: tuple[str, ...]) -> bool:
    return bool(compile_patterns([pattern], groups).search(fold(squeeze(text))))


@pytest.mark.parametrize(
    ("pattern", "text", "is_found"),
    [
        ("拿~刀", "他拿着一把刀", True),
        ("拿~刀", "他拿着东西,刀在桌上", False),
        ("拿…刀", "他拿着东西,刀在桌上", True),
        ("在家", "再家", True),
        ("打得", "打的", True),
        ("ZI SHA", "我想zi  sha", True),
        ("(打|踢)人", "他踢人", True),
        ("打了?人", "打人", True),
        ("<数>岁", "十二岁", True),
        ("报警$", "要报警", True),
        ("报警$", "报警了", False),
        ("^你好", "你好 问个事", True),
        ("自杀", "我想 自 杀", True),
        ("自杀", "自.杀", True),
        ("大哭", "他走了[大哭]", False),
        ("<武器>来", "提砍刀来", True),
    ],
)
def test_a_pattern_means_what_its_language_says(
    pattern: str, text: str, *, is_found: bool
) -> None:
    assert found(pattern, text, 武器=("刀", "砍刀")) is is_found


def test_patterns_that_begin_with_the_same_group_keep_their_own_ends() -> None:
    groups = {"武器": ("刀", "砍刀")}
    look = compile_patterns(["<武器>来", "<武器>…去", "拿<武器>", "<武器>?在"], groups)

    assert all(look.fullmatch(text) for text in ("刀来", "砍刀,回去", "拿刀", "刀在", "在"))
    assert look.search("刀") is None


def a_book(**changes: object) -> Rulebook:
    rule = {"id": "beating", "kind": "violence", "says": "x", "any": ["打人"], "fires": ["打人"]}
    return Rulebook(
        Book.model_validate(
            {
                "about": "x",
                "changed_by": "x",
                "hidden": ["打人柳"],
                "excuses": {"past": {"says": "x", "any": ["去年"], "cancelled_by": ["又"]}},
                "rules": [rule | changes],
            }
        )
    )


def test_a_match_says_which_words_it_rests_on() -> None:
    match = a_book().first("楼下有人打人了")

    assert match is not None
    assert (match.rule, match.kind, match.span) == ("beating", "violence", "打人")


def test_a_figure_of_speech_is_taken_out_first() -> None:
    assert a_book().first("哈利波特的打人柳") is None


def test_an_excuse_silences_and_its_opposite_restores() -> None:
    book = a_book(excused_by=["past"])

    assert book.first("去年他打人") is None
    assert book.first("去年他打人,今天又打人") is not None


def test_signs_add_up_once_each() -> None:
    book = a_book()
    signs = [
        {"says": "x", "points": 2, "any": ["血", "伤"], "kind": "medical"},
        {"says": "x", "points": 1, "any": ["现在"]},
    ]
    with_signs = Rulebook(
        book.book.model_validate({**book.book.model_dump(), "signs": signs, "signs_needed": 3})
    )

    assert with_signs.points("血,伤,血") == 2
    assert with_signs.first("血,伤,血") is None
    match = with_signs.first("现在有血")
    assert match is not None
    assert (match.rule, match.kind, match.span) == (SIGNS, "medical", "血 现在")


def test_words_near_the_match_silence_it() -> None:
    book = a_book(unless_near=["没有"])

    assert book.first("他没有打人") is None


def test_words_that_must_be_there_too_are_asked_for() -> None:
    book = a_book(together_with=[["现在"], ["门口"]])

    assert book.first("现在打人") is None
    assert book.first("现在打人,在我家门口") is not None


@pytest.mark.parametrize(
    "written",
    [
        "rules: 3",
        "about: x\nchanged_by: x\nrules: [{id: a, kind: b, says: c, any: [<无>], fires: [d]}]",
        "about: x\nchanged_by: x\nrules: [{id: a, kind: b, says: c, any: [(], fires: [d]}]",
        "about: x\nchanged_by: x\nrules: [{id: a, kind: b, says: c, any: [d], fires: []}]",
        "about: x\nchanged_by: x\nrules: [{id: a, kind: b, says: c, any: [(|<数]}]",
        "{",
    ],
)
def test_a_file_written_wrongly_is_refused(tmp_path: Path, written: str) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(written, "utf-8")

    with pytest.raises(SettingsError, match=r"rules\.yaml"):
        load_rulebook(path)


def test_an_excuse_that_nobody_wrote_is_named_whoever_asks_for_it() -> None:
    book = BOOKS["crisis"].book
    rule = book.rules[0].model_copy(update={"excused_by": ("nowhere",)})

    with pytest.raises(ValueError, match="signs: no excuse is called nowhere"):
        Rulebook(book.model_copy(update={"signs_excused_by": ("nowhere",)}))
    with pytest.raises(ValueError, match=f"rule {rule.id}: no excuse is called nowhere"):
        Rulebook(book.model_copy(update={"rules": (rule,)}))
