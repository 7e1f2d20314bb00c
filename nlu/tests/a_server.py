"""Servers as processes of their own, and what they answer."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "a token for tests"
LONG = 120  # seconds; nothing takes that long unless it hangs, also on a busy machine


def ask(
    url: str, method: str, path: str, body: object = None, token: str | None = TOKEN
) -> tuple[int, Any]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    query = "" if token is None else f"?token={token.replace(' ', '%20')}"
    request = urllib.request.Request(  # noqa: S310
        url + path + query, data if body is not None else None, method=method
    )
    try:
        with urllib.request.urlopen(request, timeout=LONG) as answer:  # noqa: S310
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


@contextmanager
def running(command: list[str], port: int) -> Iterator[str]:
    """Run a server until the block is left; it must then end by itself, without complaint."""
    process = start(command)
    try:
        wait_for(process, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=LONG)


def start(command: list[str], **environment: str) -> "subprocess.Popen[bytes]":
    settings = {"YUNQIAO_NLU__TOKEN": TOKEN, "RASA_TELEMETRY_ENABLED": "false", **environment}
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def wait_for(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + LONG
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(process.communicate()[1].decode())
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the server did not start")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
