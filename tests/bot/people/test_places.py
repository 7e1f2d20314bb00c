"""Townships and villages of an imported list."""

import pytest
from sqlalchemy.orm import Session

from bot.errors import InvalidInputError
from bot.people import places
from bot.people.places import Imported, compare, read_places, store

LIST = """code,name
530111000000,官渡区
530111001000,关上街道
530111001001,关上社区
530111001002,关锁社区
530102001,华山街道
530102001001,关上社区
"""


def stocked(session: Session) -> None:
    store(session, read_places(LIST.encode()))


def test_official_codes_of_twelve_digits_lose_their_zeros() -> None:
    assert read_places(LIST.encode()) == {
        "530111001": "关上街道",
        "530111001001": "关上社区",
        "530111001002": "关锁社区",
        "530102001": "华山街道",
        "530102001001": "关上社区",
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_list_may_come_from_excel(encoding: str) -> None:
    assert read_places(LIST.encode(encoding))["530111001"] == "关上街道"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("53011100,关上街道", "第8行：代码“53011100”要是9位"),
        ("５３０１１１００１,关上街道", "要是9位"),
        ("539999001,关上街道", "不在云南的129个县市区里"),
        ("110101001,东华门街道", "不在云南的129个县市区里"),
        ("530111,官渡县", "530111应是官渡区，表里写的是“官渡县”"),
        ("530111009,", "没有名称"),
        (f"530111009,{'长' * 41}", "超过40个字"),
        ("530111001,关上办事处", "530111001出现了两次"),
    ],
)
def test_a_wrong_line_is_named_with_what_is_wrong(row: str, said: str) -> None:
    with pytest.raises(InvalidInputError, match=said):
        read_places((LIST + row + "\n").encode())


def test_of_many_wrong_lines_ten_are_named_and_the_rest_counted() -> None:
    rows = "".join(f"999999{number:03d},某街道\n" for number in range(12))

    with pytest.raises(InvalidInputError) as refused:
        read_places(f"code,name\n{rows}".encode())

    assert str(refused.value).count("第") == 10
    assert str(refused.value).endswith("还有2处")


@pytest.mark.parametrize("content", ["", "name,code\n", "530111001,关上街道\n", "code,name\n"])
def test_a_file_without_header_or_places_is_refused(content: str) -> None:
    with pytest.raises(InvalidInputError):
        read_places(content.encode())


def test_a_village_without_its_township_is_refused_and_nothing_is_kept(session: Session) -> None:
    with pytest.raises(InvalidInputError, match="530111007001 某社区：它的乡镇"):
        store(session, read_places("code,name\n530111001,关上街道\n530111007001,某社区".encode()))

    assert places.find(session, "530111001") == ""


def test_a_second_list_adds_and_renames_and_takes_nothing_away(session: Session) -> None:
    stocked(session)
    second = read_places("code,name\n530111001001,关上新社区\n530111002,太和街道".encode())

    assert compare(session, second) == Imported(
        1, (("530111001001", "关上社区", "关上新社区"),), 0
    )
    store(session, second)

    assert places.written(session, "530111001001") == "昆明市官渡区关上街道关上新社区"
    assert places.written(session, "530111001002") == "昆明市官渡区关上街道关锁社区"
    assert compare(session, second) == Imported(0, (), 2)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("530111001001", "530111001001"),
        ("530111001000", "530111001"),
        ("530111000000", "530111"),
        ("530111009", ""),
        ("官渡区", "530111"),
        ("关上街道", "530111001"),
        ("官渡区关上街道", "530111001"),
        ("昆明市官渡区关上街道关上社区", "530111001001"),
        ("关锁社区", "530111001002"),
        ("关上社区", ""),  # there are two
        ("五华区关上社区", "530102001001"),
        ("盘龙区关锁社区", ""),
        ("北京市", ""),
    ],
)
def test_a_place_is_found_by_code_or_by_a_name_that_is_the_only_one(
    session: Session, text: str, code: str
) -> None:
    stocked(session)

    assert places.find(session, text) == code


def test_line_ends_of_old_macs_are_line_ends() -> None:
    assert read_places(LIST.replace("\n", "\r").encode()) == read_places(LIST.encode())


def test_what_is_no_table_is_refused_with_what_to_do() -> None:
    with pytest.raises(InvalidInputError, match="另存为 CSV"):
        read_places(b"code,name\n" + b'"' + b"x" * 200_000)
