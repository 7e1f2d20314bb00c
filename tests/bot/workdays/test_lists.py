"""Announced lists: read whole, or refused with every reason."""

import json
from datetime import date

import pytest

from bot.errors import InvalidInputError
from bot.workdays.lists import read_list
from tests.bot.workdays.announcement import MAKE_UP, OFF_DAYS, as_csv, lines


def test_a_list_is_read() -> None:
    found = read_list(as_csv())

    assert found.year == 2027
    assert sum(not mark.works for mark in found.days.values()) == OFF_DAYS
    assert [str(day) for day, mark in found.days.items() if mark.works] == list(MAKE_UP)


def test_json_chinese_columns_and_what_excel_makes_of_them_are_the_same() -> None:
    rows = [line.split(",") for line in lines()]
    as_json = json.dumps([{"date": d, "works": w == "work", "why": y} for d, w, y in rows])
    excel = ["日期,安排,说明"]
    for day, works, why in rows:
        year, month, number = map(int, day.split("-"))
        excel.append(f"{year}/{month}/{number},{'上班' if works == 'work' else '放假'},{why}")

    expected = read_list(as_csv())

    assert read_list(as_json.encode()) == expected
    assert read_list("\r\n".join(excel).encode("gb18030")) == expected
    assert read_list("\n".join(excel).encode("utf-8-sig")) == expected


def test_the_days_before_new_year_belong_to_the_list() -> None:
    found = read_list(as_csv("2026-12-31,off,元旦"))

    assert found.year == 2027
    assert date(2026, 12, 31) in found.days


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (as_csv(without="2027-10-02"), "缺法定假日 2027-10-02 国庆节"),
        (as_csv("2027-10-12,work,国庆节"), "2027-10-12 本来就是工作日"),
        (as_csv("2028-10-01,off,国庆节"), "一次只载入一年"),
        (as_csv("2027-10-01,off,国庆节"), "2027-10-01 写了两次"),
        (as_csv("2027-02-30,off,春节"), "第 33 行：“2027-02-30”不是日期"),
        (as_csv("2027-03-06,maybe,春节"), "第 33 行：安排要写"),
        (as_csv("2027-03-06,off,"), "第 33 行：说明要有"),
        (as_csv("2027-03-06"), "第 33 行：安排要写"),
        (as_csv(without="2027-10-02") + b"\n2027-10-02,work,x", "2027-10-02 国庆节 是法定假日"),
        (as_csv().replace(b"2027", b"2024"), "2024 年早已公布"),
        (b"day,off\n2027-01-01,off", "第一行写"),
        (b"", "第一行写"),
        (b"date,works,why", "有 0 天"),
        (b"\xff\xfe\x00\x81\xff", "不是文字"),
        (b'[{"date": ', "JSON 第 1 行"),
        (b"[1, 2]", "第 1 项"),
        (b'date,works,why\n"2027', "第一行写"),
    ],
)
def test_a_list_that_cannot_be_meant_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read_list(content)

    assert why in str(refused.value)


def test_every_wrong_line_is_named_up_to_a_point() -> None:
    content = as_csv(*(f"2027-03-{day},nonsense,x" for day in range(10, 30)))

    with pytest.raises(InvalidInputError) as refused:
        read_list(content)

    assert str(refused.value).count("第 ") == 8
    assert "另有 12 处" in str(refused.value)


def test_a_list_nested_too_deep_is_refused_as_any_other_that_is_none() -> None:
    with pytest.raises(InvalidInputError, match="date"):
        read_list(b"[" * 200_000)
