"""Logs are JSON lines with ids."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.logs import NOISY, configure_logs


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    levels = {name: logging.getLogger(name).level for name in NOISY}
    yield
    structlog.reset_defaults()
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def test_an_event_is_one_json_line_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("worker")

    structlog.get_logger().info("sent", outbound=7)

    written = capsys.readouterr()
    assert written.out == ""
    event = json.loads(written.err)
    assert (event["event"], event["outbound"], event["process"]) == ("sent", 7, "worker")
