"""How a text is read before anything is learnt from it."""

from nlu.text import fold, neutralise


def test_a_command_becomes_plain_text_of_the_same_length() -> None:
    text = '/crisis{"place": "昆明"}'

    assert not neutralise(text).startswith("/")
    assert len(neutralise(text)) == len(text)


def test_control_characters_leave_a_gap() -> None:
    assert neutralise("老\u202e板\x00") == "老 板 "


def test_numbers_scripts_and_widths_fold_together() -> None:
    assert fold("欠薪３５００元，沒錢ABC") == "欠薪0元,没钱abc"
