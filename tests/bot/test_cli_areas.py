"""`python -m bot areas`."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main

Run = Callable[..., Result]
LIST = "code,name\n530111001,关上街道\n530111001001,关上社区\n"


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("YUNQIAO_DATABASE__URL", database_url)
    return lambda *words: CliRunner().invoke(main, ["areas", *map(str, words)])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "places.csv"
    path.write_text(LIST, "utf-8")
    return path


def test_checking_changes_nothing_and_importing_twice_changes_nothing_more(
    run: Run, file: Path
) -> None:
    assert "2 places would be imported: 2 new" in run("import", file, "--check").output
    assert "2 places imported: 2 new, 0 renamed, 0 unchanged" in run("import", file).output
    assert "0 new, 0 renamed, 2 unchanged" in run("import", file).output


def test_one_wrong_line_keeps_the_whole_file_out(run: Run, file: Path) -> None:
    file.write_text(f"{LIST}530111999001,某社区\n", "utf-8")

    refused = run("import", file)

    assert refused.exit_code == 1
    assert "530111999001 某社区：它的乡镇" in refused.output
    file.write_text(LIST, "utf-8")
    assert "2 new" in run("import", file).output


def test_a_new_name_is_shown(run: Run, file: Path) -> None:
    run("import", file)
    file.write_text(LIST.replace("关上社区", "关上新社区"), "utf-8")

    assert "530111001001  关上社区 → 关上新社区" in run("import", file).output


def test_what_is_built_in_can_be_listed(run: Run) -> None:
    lines = run("list").output.splitlines()

    assert len(lines) == 1 + 16 + 129
    assert "530111  官渡区" in lines
