"""One process on its own is the very process that `up` would start."""

import os
import subprocess
import sys
import time

import pytest
import requests

from bot.errors import SettingsError
from bot.settings import Settings
from bot.up.single import become
from bot.up.steps import ROOT


def test_an_unknown_name_says_what_there_is(settings: Settings) -> None:
    with pytest.raises(SettingsError, match=r"no process 'wbe' here; there are .*web"):
        become(settings, "wbe")


def test_the_web_serves_and_takes_new_code_without_a_pause(
    settings: Settings, free_port: int
) -> None:
    env = os.environ | {
        "YUNQIAO_SERVICE__DATA_DIR": str(settings.service.data_dir),
        "YUNQIAO_WEB__PORT": str(free_port),
    }
    env.pop("YUNQIAO_SECRETS_FILE", None)
    subprocess.run([sys.executable, "-m", "bot", "migrate"], env=env, cwd=ROOT, check=True)
    process = subprocess.Popen([sys.executable, "-m", "bot", "run", "web"], env=env, cwd=ROOT)
    url = f"http://127.0.0.1:{free_port}/wechat"
    try:
        _until_it_answers(url)
        os.kill(process.pid, 1)  # SIGHUP, as `systemctl reload` sends it

        codes = {requests.get(url, timeout=30).status_code for _ in range(150)}

        assert codes == {403}  # no signature; and never a connection refused
    finally:
        process.terminate()
        process.wait(timeout=30)


def _until_it_answers(url: str) -> None:
    for _ in range(300):
        try:
            requests.get(url, timeout=30)
        except requests.RequestException:
            time.sleep(0.2)
        else:
            return
    pytest.fail("the web process did not come up")
