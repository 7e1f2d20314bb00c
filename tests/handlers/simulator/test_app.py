"""Where the simulator starts, and what survives its end."""

from pathlib import Path

import pytest

from bot.errors import SettingsError
from handlers.simulator.app import make_app
from handlers.simulator.here import Simulator
from tests.handlers.simulator.conftest import Driver, Ticking, a_settings


@pytest.mark.parametrize("wrong", [{"mode": "production"}, {"enabled": False}], ids=str)
def test_production_cannot_start_it(tmp_path: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(SettingsError):
        make_app(a_settings(tmp_path, **wrong))  # type: ignore[arg-type]


def test_a_restart_keeps_chats_quota_and_menu(
    driver: Driver, ticking: Ticking, tmp_path: Path
) -> None:
    driver.act("text", text="你好")
    driver.say("在的")
    driver.call("menu/create", '{"button":[{"type":"click","name":"找人","key":"human"}]}')
    parts: Simulator = driver.app.extensions["simulator"]
    parts.world.save()

    app = make_app(a_settings(tmp_path), now=ticking)
    again = Driver(app, app.test_client(), driver.openid, driver.token)

    assert [bubble["text"] for bubble in again.chat()] == ["你好", "在的"]
    assert again.look(f"residents/{driver.openid}/quota")["left"] == 4
    assert again.look("feed")["menu"][0]["name"] == "找人"
    assert again.say("再说一句") == 0


def test_a_change_is_on_disk_soon(driver: Driver, tmp_path: Path) -> None:
    driver.act("text", text="写在盘上")

    path = tmp_path / "simulator.json"
    driver.wait_for(lambda: path.exists() and "写在盘上" in path.read_text("utf-8"))


def test_an_unreadable_snapshot_is_put_aside(tmp_path: Path, ticking: Ticking) -> None:
    (tmp_path / "simulator.json").write_text("{half")

    app = make_app(a_settings(tmp_path), now=ticking)

    assert len(app.test_client().get("/sim/residents").get_json()) == 4
    assert (tmp_path / "simulator.unreadable").exists()


def test_reset_brings_the_samples_back_and_ids_go_on(driver: Driver) -> None:
    before = int(driver.act("text", text="你好")["msg_id"])

    driver.sim("reset")

    names = [resident["name"] for resident in driver.client.get("/sim/residents").get_json()]
    assert names == ["小李", "杨奶奶", "阿依", "杨梅"]
    driver.openid = driver.look("feed")["residents"][0]["openid"]
    assert int(driver.act("text", text="你好")["msg_id"]) > before
