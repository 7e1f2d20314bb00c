"""Settings: one checked place; whatever is wrong stops the start with a line that helps."""

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import PLATFORM, load_settings

KEY = "k" * 43


@pytest.fixture(autouse=True)
def _a_demo_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YUNQIAO_SERVICE__DATA_DIR", str(tmp_path))


def test_a_demo_makes_its_own_secrets_once(tmp_path: Path) -> None:
    first = load_settings().wechat

    assert len(first.aes_key.get_secret_value()) == 43
    assert load_settings().wechat == first
    assert (tmp_path / "secrets.env").stat().st_mode & 0o077 == 0


def test_the_environment_overrides_every_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YUNQIAO_WEB__PORT", "9000")
    monkeypatch.setenv("YUNQIAO_WECHAT__TOKEN", "from-the-environment")
    monkeypatch.setenv("YUNQIAO_NLU__URLS", "http://a:1,http://b:2")

    settings = load_settings()

    assert settings.web.port == 9000
    assert settings.wechat.token.get_secret_value() == "from-the-environment"
    assert settings.nlu.urls == ("http://a:1", "http://b:2")


@pytest.mark.parametrize(
    ("variable", "value", "named"),
    [
        ("YUNQIAO_WEB__PROT", "9000", "web.prot"),
        ("YUNQIAO_WEBB__PORT", "9000", "YUNQIAO_WEBB__PORT"),
        ("YUNQIAO_WECHAT__TOKEN", "", "wechat.token"),
        ("YUNQIAO_WECHAT__AES_KEY", "short", "wechat.aes_key"),
        ("YUNQIAO_WECHAT__AES_KEY", "", "wechat.aes_key"),
        ("YUNQIAO_WEB__PORT", "many", "web.port"),
    ],
)
def test_what_is_wrong_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, named: str
) -> None:
    monkeypatch.setenv(variable, value)

    with pytest.raises(SettingsError, match=named):
        load_settings()


def test_a_wrong_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YUNQIAO_WECHAT__AES_KEY", "half-a-secret")

    with pytest.raises(SettingsError) as caught:
        load_settings()

    assert "half-a-secret" not in str(caught.value)


def test_an_unknown_key_in_the_file_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("wechat: {tokken: abc}\n", encoding="utf-8")
    monkeypatch.setenv("YUNQIAO_CONFIG_FILE", str(config))

    with pytest.raises(SettingsError, match=r"wechat\.tokken"):
        load_settings()


def test_production_takes_no_demo_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("YUNQIAO_SERVICE__MODE", "production")
    monkeypatch.setenv("YUNQIAO_WECHAT__TOKEN", "a-real-token")
    monkeypatch.setenv("YUNQIAO_WECHAT__AES_KEY", KEY)

    with pytest.raises(SettingsError, match="production needs"):
        load_settings()
    assert not (tmp_path / "secrets.env").exists()


def test_production_refuses_the_simulator(monkeypatch: pytest.MonkeyPatch) -> None:
    production(monkeypatch)
    monkeypatch.setenv("YUNQIAO_SIMULATOR__ENABLED", "true")

    with pytest.raises(SettingsError, match="simulator"):
        load_settings()


def test_production_talks_to_the_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    production(monkeypatch)

    assert load_settings().api_base == PLATFORM


def test_a_demo_talks_to_the_simulator() -> None:
    assert load_settings().api_base == "http://127.0.0.1:8002"


def production(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "SERVICE__MODE": "production",
        "SIMULATOR__ENABLED": "false",
        "CONSOLE__SECURE_COOKIES": "true",
        "CONSOLE__SECRET_KEY": "s" * 64,
        "NLU__TOKEN": "n" * 32,
        "PRIVACY__KEYS": "one:" + "A" * 43 + "=",
        "PRIVACY__SEARCH_KEY": "w" * 64,
        "WECHAT__TOKEN": "a-real-token",
        "WECHAT__AES_KEY": KEY,
        "WECHAT__APP_ID": "wx1",
        "WECHAT__APP_SECRET": "x" * 32,
    }.items():
        monkeypatch.setenv(f"YUNQIAO_{name}", value)
