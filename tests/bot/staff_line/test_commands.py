"""What a line of text asks for."""

import pytest

from bot.staff_line.commands import Command, Verb, parse

NUMBER = "2611-0041"


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("接 2611-0041", Command(Verb.ACCEPT, NUMBER)),
        ("接2611-0041", Command(Verb.ACCEPT, NUMBER)),
        (" 接单 2611-0041。", Command(Verb.ACCEPT, NUMBER)),
        ("接 26110041", Command(Verb.ACCEPT, NUMBER)),
        ("接 ２６１１－００４１", Command(Verb.ACCEPT, NUMBER)),
        ("回 2611-0041 您好，材料收到了", Command(Verb.REPLY, NUMBER, "您好，材料收到了")),
        ("回复2611-0041：明天 9:00 来", Command(Verb.REPLY, NUMBER, "明天 9:00 来")),
        (
            "回 2611-0041\n一、身份证\n二、合同",
            Command(Verb.REPLY, NUMBER, "一、身份证\n二、合同"),
        ),
        ("回 2611-0041", Command(Verb.REPLY, NUMBER)),
        ("看 2611-0041", Command(Verb.LOOK, NUMBER)),
        ("接", Command(Verb.ACCEPT)),
        ("回复", Command(Verb.REPLY)),
        ("我的", Command(Verb.MINE)),
        ("上班", Command(Verb.ON)),
        ("下班", Command(Verb.OFF)),
        ("帮助", Command(Verb.HELP)),
        ("？", Command(Verb.HELP)),
        ("我是居民", Command(Verb.AS_RESIDENT)),
        ("我是社工", Command(Verb.AS_STAFF)),
    ],
)
def test_a_command_is_read(text: str, command: Command) -> None:
    assert parse(text) == command


@pytest.mark.parametrize(
    "text",
    [
        "老板跑了工钱没给",
        "我的工钱没给",
        "接娃娃放学",
        "接 2611-0041 行不行",
        "看看 2611-0041",
        "回 2611 您好",
        "2611-0041",
        "接 2611-00411234",
        "",
    ],
)
def test_anything_else_is_none(text: str) -> None:
    assert parse(text) is None


def test_what_goes_to_the_resident_stays_as_it_was_written() -> None:
    command = parse("回 2611-0041 ５００元，①身份证（复印件）")

    assert command is not None
    assert command.words == "５００元，①身份证（复印件）"
