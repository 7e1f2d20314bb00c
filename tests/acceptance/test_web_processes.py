"""Several processes are one web: killed, counted and told of what is published as one."""

import itertools
import json
import os
import re
import signal
import subprocess
import xml.etree.ElementTree as ET  # what is read here is our own service's answer
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
import requests
from sqlalchemy import Engine

from bot.db.engine import transaction
from bot.settings import Settings, load_settings
from bot.up import health
from bot.up.programs import programs
from bot.up.reload import _children
from bot.up.steps import ROOT
from tests.acceptance.parallel import heard
from tests.acceptance.test_rush import envelope_of
from tests.bench.phone import sealed
from tests.bot.knowledge.builders import a_draft, an_entry
from tests.builders import a_caseworker
from tests.chaos.platform import Platform
from tests.e2e.running import until

RESIDENTS = 40
NUMBERS = itertools.count(1)
QUESTION = "云岭彩虹补贴怎么申请"
ANSWER = "带上身份证到村委会登记，七天后到卡。"


@pytest.fixture
def settings(
    stocked_engine: Engine, tmp_path: Path, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """Two processes; the stand-in reads messages."""
    for name, value in {
        "SERVICE__DATA_DIR": str(tmp_path / "var"),
        "DATABASE__URL": stocked_engine.url.render_as_string(hide_password=False),
        "WEB__PORT": str(free_port),
        "WEB__WORKERS": "2",
        "NLU__SERVE": "false",
    }.items():
        monkeypatch.setenv(f"YUNQIAO_{name}", value)
    return load_settings()


@pytest.fixture
def web(stocked_engine: Engine, settings: Settings) -> "Iterator[subprocess.Popen[bytes]]":
    with transaction(stocked_engine) as session:
        a_caseworker(session, name="王芳")
    [program] = [it for it in programs(settings) if it.name == "web"]
    process = subprocess.Popen(program.argv, env=dict(program.env), cwd=ROOT)
    try:
        until(lambda: health.answers(program.health) and len(_children(process.pid)) == 2)
        yield process
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture
def platform(settings: Settings, web: "subprocess.Popen[bytes]") -> Platform:
    del web
    return Platform(f"http://127.0.0.1:{settings.web.port}", envelope_of(settings))


def test_a_killed_process_costs_no_push(
    stocked_engine: Engine, web: "subprocess.Popen[bytes]", platform: Platform
) -> None:
    before = _children(web.pid)
    with ThreadPoolExecutor(8) as pool:
        pushes = [
            pool.submit(platform.push, f"o-{number}", f"在吗，第{number}个人", str(number))
            for number in range(1, RESIDENTS + 1)
        ]
        until(lambda: any(each.done() for each in pushes))
        os.kill(min(before), signal.SIGKILL)
        until(lambda: len(_children(web.pid) - before) == 1)
        pushed = [each.result() for each in pushes]

    assert all(each.acknowledged for each in pushed)
    assert sorted(int(it.msg_id) for it in heard(stocked_engine)) == [*range(1, RESIDENTS + 1)]
    assert web.poll() is None


def test_what_is_published_is_answered_by_every_process(
    stocked_engine: Engine, web: "subprocess.Popen[bytes]", platform: Platform
) -> None:
    everybody = _children(web.pid)
    assert not any(ANSWER in answer for answer in by_each(web, platform).values())

    with transaction(stocked_engine) as session:
        an_entry(session, a_draft(QUESTION, variants=("彩虹补贴",), answer=ANSWER))

    until(lambda: all(ANSWER in answer for answer in by_each(web, platform).values()))
    assert _children(web.pid) == everybody


def test_each_process_tells_the_numbers_of_all(
    web: "subprocess.Popen[bytes]", platform: Platform
) -> None:
    first = next(NUMBERS)
    assert len(by_each(web, platform)) == 2
    pushes = next(NUMBERS) - first - 1

    text = requests.get(f"{platform.web}/metrics", timeout=10).text

    counted = re.search(r'^yunqiao_received_total\{kind="text"\} (\S+)', text, re.MULTILINE)
    assert counted
    assert float(counted[1]) == pushes


def by_each(web: "subprocess.Popen[bytes]", platform: Platform) -> dict[int, str]:
    """Ask until every process has been asked; return by process what it answered last."""
    found = dict[int, str]()

    def asked_all() -> bool:
        process, answer = asked(platform, f"o-asks-{next(NUMBERS)}")
        found[process] = answer
        return found.keys() >= _children(web.pid)

    until(asked_all)
    return found


def asked(platform: Platform, openid: str) -> tuple[int, str]:
    """Ask as that resident; return which process answered what."""
    connection = HTTPConnection(platform.web.removeprefix("http://"), timeout=30)
    connection.request("GET", "/healthy")
    process = int(json.loads(connection.getresponse().read())["process"])
    nonce = openid.rsplit("-", 1)[1]
    query, body = sealed(platform.envelope, QUESTION, openid=openid, nonce=nonce)
    connection.request("POST", f"/wechat?{urlencode(query)}", body)
    answer = connection.getresponse().read()
    connection.close()
    if answer == b"success":
        return process, ""
    sent = ET.fromstring(answer).findtext("Encrypt") or ""  # noqa: S314
    return process, platform.envelope.decrypt(sent)
