"""A few simulated days, lived through once for all tests of this folder; none changes them."""

from collections.abc import Iterator

import pytest

from bot.db.engine import engine_at
from bot.settings import CONFIG_FILE, ROOT, Service, Settings, WeChat
from bot.simulation.month import Month
from bot.simulation.run import first_midnight
from bot.simulation.scenario import Scenario

FEW = Scenario(days=3, residents=60, staff=6, seed=54)
"""One of these seeds in which somebody is in danger."""


@pytest.fixture(scope="package")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    folder = tmp_path_factory.mktemp("month")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(CONFIG_FILE, str(ROOT / "config.yaml"))
        settings = Settings(service=Service(data_dir=folder / "var"), wechat=WeChat())
    with engine_at(f"sqlite:///{folder / 'month.sqlite3'}") as engine:
        lived = first_midnight(settings, FEW, engine)
        lived.run(FEW.ends_at)
        yield lived
