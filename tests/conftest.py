"""Shared by every test: a fresh migrated database and a fixed clock."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from pydantic import SecretStr
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot import sealing
from bot.db.engine import make_engine, transaction
from bot.db.migrate import migrate
from bot.knowledge.load import load_cards
from bot.people import passwords
from bot.settings import CONFIG_FILE, ROOT, SECRETS_FILE, Service, Settings, WeChat
from tests import compiled

pytest_plugins = ["tests.services"]
TEST_KEY = sealing.Key("test", b"of tests, never of anyone's data")


def use_test_keys() -> None:
    """Seal with a key of tests in this process."""
    sealing.use((TEST_KEY,), search="of tests")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Take the keys back before each test: whoever loads settings puts their own in use."""
    use_test_keys()


use_test_keys()
compiled.share()
REAL_HASHER = passwords._hasher()
QUICK_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Slow on purpose is nothing that every login of a test has to be; test_passwords has the real."""
passwords._hasher = lambda: QUICK_HASHER
CARDS = ROOT / "data" / "knowledge" / "cards.jsonl"
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # a Monday, ten in the morning in Kunming


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that tests copy: migrating is the slow part."""
    path = tmp_path_factory.mktemp("database") / "empty.sqlite3"
    engine = make_engine(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()  # the last connection writes the log into the file
    return path


BOTH = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
"""For a test of what might be asked of one database in another way than of the other."""
BOTH_STOCKED = pytest.mark.parametrize("stocked_engine", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, empty_database: Path, tmp_path: Path) -> str:
    """An empty database of this test's own: SQLite, unless it is marked BOTH."""
    if getattr(request, "param", "sqlite") == "postgresql":
        return str(request.getfixturevalue("migrated_postgres_url"))
    copy = tmp_path / "yunqiao.sqlite3"
    shutil.copy(empty_database, copy)
    return f"sqlite:///{copy}"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def stocked_database(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the starter knowledge base, which tests copy."""
    path = tmp_path_factory.mktemp("database") / "stocked.sqlite3"
    shutil.copy(empty_database, path)
    engine = make_engine(f"sqlite:///{path}")
    with transaction(engine) as session:
        load_cards(session, CARDS, now=NOW)
    engine.dispose()
    return path


@pytest.fixture
def stocked_engine(
    request: pytest.FixtureRequest, stocked_database: Path, tmp_path: Path
) -> Iterator[Engine]:
    """A database of this test's own with the starter knowledge base."""
    if getattr(request, "param", "sqlite") == "postgresql":
        engine = request.getfixturevalue("postgres_engine")
        with transaction(engine) as session:
            load_cards(session, CARDS, now=NOW)
    else:
        copy = tmp_path / "stocked.sqlite3"
        shutil.copy(stocked_database, copy)
        engine = make_engine(f"sqlite:///{copy}")
    yield engine
    engine.dispose()


@pytest.fixture
def postgres_engine(migrated_postgres_url: str) -> Iterator[Engine]:
    engine = make_engine(migrated_postgres_url)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def any_engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """The same test on both databases, each empty."""
    own = "database_url" if request.param == "sqlite" else "migrated_postgres_url"
    engine = make_engine(request.getfixturevalue(own))
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """An open session, as a service receives it; never committed."""
    with Session(engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of config.yaml with secrets and a data folder of this test's own."""
    monkeypatch.setenv(SECRETS_FILE, "/dev/null")
    monkeypatch.setenv(CONFIG_FILE, str(ROOT / "config.yaml"))
    wechat = WeChat(
        token=SecretStr("a-test-token"),
        aes_key=SecretStr("k" * 43),
        app_id="wx0123456789abcdef",
        app_secret=SecretStr("a-test-secret"),
    )
    return Settings(service=Service(data_dir=tmp_path / "var"), wechat=wechat)
