"""Logs are JSON lines with ids."""

import json
import logging
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

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


def test_a_full_disk_loses_the_line_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    with Path("/dev/full").open("w", buffering=1) as full:
        monkeypatch.setattr("sys.stderr", full)
        configure_logs("web")

        structlog.get_logger().error("turn_failed", inbound=7)
        with pytest.raises(OSError, match="No space"):
            full.flush()  # what stays in the buffer cannot be written either
        with suppress(OSError):
            full.close()
