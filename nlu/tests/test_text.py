"""How a text is read before anything is learnt from it."""

from nlu.text import clauses, fold, neutralise


def test_a_command_becomes_plain_text_of_the_same_length() -> None:
    text = '/crisis{"place": "昆明"}'

    assert not neutralise(text).startswith("/")
    assert len(neutralise(text)) == len(text)


def test_control_characters_leave_a_gap() -> None:
    assert neutralise("老\u202e板\x00") == "老 板 "


def test_numbers_scripts_and_widths_fold_together() -> None:
    assert fold("欠薪３５００元，沒錢ABC") == "欠薪0元,没钱abc"


def test_a_scrap_joins_the_clause_before_it() -> None:
    assert clauses("老板差我三个月工资,不给 咋个整,我要去哪点告他") == [
        "老板差我三个月工资不给咋个整",
        "我要去哪点告他",
    ]
