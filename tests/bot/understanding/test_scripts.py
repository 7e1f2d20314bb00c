"""Texts that a person must read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.scripts import EMOJI, foreign_script, load_languages


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("ꆈꌠꉙ ꀊꂿ", "yi"),
        ("ꓡꓲ-ꓢꓴ ꓥꓪꓱ", "lisu"),
        ("ᥖᥭᥰ ᥖᥬᥳ", "tai_le"),
        ("ᦺᦑ ᦶᦵᦙ", "new_tai_lue"),
        ("བོད་སྐད་", "tibetan"),
        ("𖼀𖼁𖼂", "miao"),
        ("မြန်မာစကား", "myanmar"),
        ("สวัสดีครับ", "other"),
        ("please help my husband", "english"),
        ("help me", "english"),
        ("My salary was not paid for 3 months", "english"),
        ("ngaf bix nuv ma", "latin"),
        ("wo yao zhao she gong", "latin"),
        ("我叫ꀊꂿꌠꉙꆈ", "yi"),
        ("😭😭🙏", "emoji"),
        ("[大哭][大哭]", "emoji"),
    ],
)
def test_a_script_the_machine_cannot_read_is_named(text: str, script: str) -> None:
    assert foreign_script(text) == script


@pytest.mark.parametrize(
    "text",
    [
        "",
        "你好",
        "1",
        "12345",
        "ok",
        "hello",
        "?!",
        "老板叫ꀊꂿ欠我们三个月的工资不给",
        "加我vx abcdefg hij klm",
        "https://example.com/a/b/c",
        "谢谢😭",
        "A1",
        "SF1234 wxid_abc99",
        "老板叫ꀊꂿꌠꉙꆈꀊꂿꌠꉙꆈꀊꂿ欠我三个月工钱不给",
    ],
)
def test_chinese_and_short_answers_are_the_machines_own(text: str) -> None:
    assert foreign_script(text) is None


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    foreign_script(text)


def test_the_catalogue_holds_together() -> None:
    known = load_languages()

    assert all(set(script.reads) <= set(known.staff) for script in known.scripts.values())
    assert {name for _, _, name in known.blocks} - {"han"} <= known.scripts.keys()
    assert all(isinstance(word, str) for word in known.english)
    assert EMOJI not in known.scripts


def test_only_lines_that_somebody_answers_for_are_shipped() -> None:
    spoken = {key for key, it in load_languages().scripts.items() if it.line or it.crisis}

    assert spoken == {"english"}
