"""`python -m bot calendar`."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from tests.bot.workdays.announcement import as_csv

Run = Callable[..., Result]


@pytest.fixture(params=["sqlite", "postgresql"])
def run(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Run:
    own = "database_url" if request.param == "sqlite" else "migrated_postgres_url"
    monkeypatch.setenv("YUNQIAO_DATABASE__URL", request.getfixturevalue(own))
    return lambda *words: CliRunner().invoke(main, ["calendar", *map(str, words)])


@pytest.fixture
def announcement(tmp_path: Path) -> Path:
    path = tmp_path / "2027.csv"
    path.write_bytes(as_csv())
    return path


def test_a_year_is_provisional_until_its_list_is_loaded(run: Run, announcement: Path) -> None:
    before = run("show", 2027)
    checked = run("load", "--check", announcement)
    still = run("show", 2027)
    loaded = run("load", announcement)
    after = run("show", 2027)

    assert "PROVISIONAL" in before.output
    assert "2027-10-01 Fri  off   国庆节  provisional" in before.output
    assert "2027-10-09 Sat  worked from now on  国庆节" in checked.output
    assert "31 days would be loaded" in checked.output
    assert still.output == before.output
    assert "31 days loaded" in loaded.output
    assert "announced" in after.output
    assert "2027-10-09 Sat  work  国庆节" in after.output
    assert "0 change" in run("load", announcement).output


def test_a_list_with_one_wrong_line_changes_nothing(run: Run, announcement: Path) -> None:
    announcement.write_bytes(as_csv("2027-13-01,off,春节"))
    before = run("show", 2027)

    refused = run("load", announcement)

    assert refused.exit_code == 1
    assert "没有载入" in refused.output
    assert "“2027-13-01”不是日期" in refused.output
    assert run("show", 2027).output == before.output


def test_an_announced_year_is_shown(run: Run) -> None:
    shown = run("show", 2026).output

    assert "2026: announced, 248 working days" in shown
    assert "2026-09-20 Sun  work  国庆节" in shown
