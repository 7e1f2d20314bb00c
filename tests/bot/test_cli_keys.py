"""Keys are made before there are settings, and put under what is stored."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from bot import sealing
from bot.cli import main
from bot.db.engine import engine_at, transaction
from bot.inbox import InboundMessage
from bot.settings import SECRETS_FILE
from tests.bot.upkeep.installation import STORY, furnish
from tests.conftest import use_test_keys


def run(*arguments: str) -> str:
    result = CliRunner().invoke(main, list(arguments))
    assert result.exit_code == 0, result.output
    return result.output


def test_an_installation_changes_its_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(SECRETS_FILE, "/dev/null")
    monkeypatch.setenv("YUNQIAO_SERVICE__DATA_DIR", str(tmp_path))
    old, search = run("keys", "new").strip(), run("keys", "new", "--search").strip()
    monkeypatch.setenv("YUNQIAO_WECHAT__TOKEN", "a-test-token")
    monkeypatch.setenv("YUNQIAO_WECHAT__AES_KEY", "k" * 43)
    monkeypatch.setenv("YUNQIAO_PRIVACY__KEYS", old)
    monkeypatch.setenv("YUNQIAO_PRIVACY__SEARCH_KEY", search)
    url = f"sqlite:///{tmp_path / 'yunqiao.sqlite3'}"
    run("migrate")
    with engine_at(url) as engine:
        furnish(engine, tmp_path, residents=2)
    new = run("keys", "new").strip()
    monkeypatch.setenv("YUNQIAO_PRIVACY__KEYS", f"{new},{old}")

    assert f"encrypted again with {new.partition(':')[0]}" in run("keys", "seal")

    monkeypatch.setenv("YUNQIAO_PRIVACY__KEYS", new)
    assert " 0 rows, 0 files" in run("keys", "seal")
    with engine_at(url) as engine, transaction(engine) as session:
        assert session.scalars(select(InboundMessage.text)).all() == [f"{STORY}0", f"{STORY}1"]
    use_test_keys()
    assert sealing.newest() == "test"


def test_a_key_that_cannot_be_one_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRETS_FILE, "/dev/null")
    monkeypatch.setenv("YUNQIAO_WECHAT__TOKEN", "a-test-token")
    monkeypatch.setenv("YUNQIAO_WECHAT__AES_KEY", "k" * 43)
    monkeypatch.setenv("YUNQIAO_PRIVACY__KEYS", "short")

    result = CliRunner().invoke(main, ["keys", "seal"])

    assert result.exit_code == 1
    assert "privacy.keys: data key 1 is not NAME:SECRET" in result.output
    use_test_keys()
