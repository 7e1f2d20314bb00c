"""Files that a second library opens, and that run nothing."""

import zipfile
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from bot.reports.sheet import Column, Kind, Sheet
from bot.reports.spreadsheet import LONGEST_CELL, STARTS_A_FORMULA, write

HERE = ZoneInfo("Asia/Shanghai")
SHEET = Sheet(
    "工单",
    (Column("编号"), Column("登记", Kind.MOMENT), Column("用时", Kind.NUMBER), Column("话")),
)
AT = datetime(2026, 3, 2, 2, 5, tzinfo=UTC)


def read(path: Path) -> list[list[object]]:
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name("工单").to_python()
    return [list(row) for row in rows]


def written(path: Path, *texts: str) -> list[object]:
    write(path, SHEET, [("2603-0001", AT, 1.5, text) for text in texts], about=(), zone=HERE)
    return [row[3] for row in read(path)[1:]]


def test_a_second_library_reads_types_and_chinese(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"

    write(path, SHEET, [("2603-0001", AT, 1.5, "老板跑了😢，工钱𠮷没给"), ("2", None, None, "")],
          about=[("谁导出", "王芳")], zone=HERE)  # fmt: skip

    header, first, second = read(path)
    assert header == ["编号", "登记", "用时", "话"]
    assert first == ["2603-0001", datetime(2026, 3, 2, 10, 5), 1.5, "老板跑了😢，工钱𠮷没给"]  # noqa: DTZ001 (as Excel has it)
    assert second == ["2", "", "", ""]
    about = CalamineWorkbook.from_path(path).get_sheet_by_name("说明").to_python()
    assert about == [["谁导出", "王芳"]]


EVIL = (
    "=1+1",
    '=HYPERLINK("http://x","y")',
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
)


@pytest.mark.parametrize("text", EVIL)
def test_what_begins_like_a_formula_is_text(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.xlsx"

    (found,) = written(path, text)

    assert isinstance(found, str)
    assert found.startswith("'")
    assert text.strip() in found
    with zipfile.ZipFile(path) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if "sheet" in name]
    assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)


@pytest.mark.parametrize("text", ["a\x00b", "a\x0bb", "a\ud83db", "a\uffffb", "a\x1bb"])
def test_what_no_file_may_hold_is_replaced(tmp_path: Path, text: str) -> None:
    assert written(tmp_path / "a.xlsx", text) == ["a\ufffdb"]


def test_a_cell_is_cut_where_excel_would_refuse_it(tmp_path: Path) -> None:
    (found,) = written(tmp_path / "a.xlsx", "长" * (LONGEST_CELL + 1))

    assert isinstance(found, str)
    assert len(found) == LONGEST_CELL
    assert found.endswith("截断）")


def test_the_header_stays_and_can_be_filtered(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    written(path, "x")

    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert 'state="frozen"' in sheet
    assert '<autoFilter ref="A1:D2"' in sheet


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=40))
def test_any_text_makes_a_file_that_opens(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    (found,) = written(tmp_path_factory.mktemp("any") / "a.xlsx", text)

    assert isinstance(found, str)
    assert not found.startswith(STARTS_A_FORMULA)
