"""The worker tells how it is."""

import requests
from sqlalchemy import Engine

from bot.settings import Settings
from bot.worker_health import serve_health
from tests.bot.chat import a_line
from tests.fakes import FakeNlu, SetClock


def test_health_and_metrics_are_served_and_nothing_else(
    engine: Engine, settings: Settings
) -> None:
    line = a_line(engine, settings, FakeNlu(), SetClock())
    server = serve_health(line, host="127.0.0.1", port=0)
    base = f"http://127.0.0.1:{server.server_port}"

    assert requests.get(f"{base}/healthy", timeout=60).json()["parts"]["database"] == "ok"
    assert "yunqiao_turns_total" in requests.get(f"{base}/metrics", timeout=60).text
    assert requests.get(f"{base}/", timeout=60).status_code == 404
    server.shutdown()
    server.server_close()
