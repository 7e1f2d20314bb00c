"""One message at a time through the whole line, on this machine, now."""

import itertools
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import requests
import yaml
from sqlalchemy import event

from bot.contracts import Push
from bot.line import answer, store
from bot.settings import load_settings
from bot.window import PassiveWindow
from bot.wiring import make_line
from handlers.simulator.crypto import Envelope
from tests.bench.served import resident_kb
from tests.bench.stages import measure_stages
from tests.e2e.running import Service, running_service

ROOT = Path(__file__).parents[2]
MESSAGES = 300
EACH_RESIDENT = 3
PROCESSES = ("web", "console", "simulator", "worker", "nlu")


def measure_line() -> None:
    """Start the service, send messages one after another, and print what was seen."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.monotonic()
        with running_service(Path(folder)) as service:
            _say("start to healthy", f"{time.monotonic() - started:.1f} s")
            os.environ |= {k: v for k, v in service.env.items() if k.startswith("YUNQIAO_")}
            _latency(service)
            _memory(service)
            _statements()
            for stage, spent in measure_stages(_envelope()).items():
                _say(f"processor, {stage}", f"{spent:.2f} ms")


def _latency(service: Service) -> None:
    envelope = _envelope()
    spent = sorted(
        _send(service, envelope, text, number) for number, text in enumerate(_texts(), 1)
    )
    _say("messages", str(len(spent)))
    _say("p50", f"{statistics.median(spent) * 1000:.0f} ms")
    _say("p95", f"{spent[int(len(spent) * 0.95)] * 1000:.0f} ms")
    _say("p99", f"{spent[int(len(spent) * 0.99)] * 1000:.0f} ms")
    _say("slowest", f"{spent[-1] * 1000:.0f} ms")


def _envelope() -> Envelope:
    wechat = load_settings().wechat
    return Envelope(
        wechat.token.get_secret_value(), wechat.aes_key.get_secret_value(), wechat.app_id
    )


def _texts() -> Iterator[str]:
    """Questions, pleas and quarrels of the training data, in a mixed order."""
    piles = []
    for name in ("policy_question", "help_request", "dispute", "greeting", "crisis"):
        content = yaml.safe_load((ROOT / "nlu" / "data" / f"{name}.yml").read_text("utf-8"))
        piles.append([example["text"].strip() for example in content["nlu"][0]["examples"]])
    mixed = itertools.chain.from_iterable(itertools.zip_longest(*piles))
    return itertools.islice((text for text in mixed if text), MESSAGES)


def _send(service: Service, envelope: Envelope, text: str, number: int) -> float:
    """Push as the platform does, with crypto that is not ours; return the seconds it took."""
    stamp = str(int(datetime.now(UTC).timestamp()))  # noqa: TID251 (a client's own clock)
    sealed = envelope.encrypt(
        f"<xml><ToUserName>gh_bench</ToUserName>"
        f"<FromUserName>o-bench-{number // EACH_RESIDENT}</FromUserName>"
        f"<CreateTime>{stamp}</CreateTime><MsgType>text</MsgType>"
        f"<Content><![CDATA[{text}]]></Content><MsgId>{number}</MsgId></xml>"
    )
    query = {
        "timestamp": stamp,
        "nonce": "n",
        "encrypt_type": "aes",
        "msg_signature": envelope.sign(stamp, "n", sealed),
    }
    body = f"<xml><Encrypt>{sealed}</Encrypt></xml>"
    began = time.perf_counter()
    reply = requests.post(f"{service.web}/wechat", params=query, data=body, timeout=10)
    spent = time.perf_counter() - began
    reply.raise_for_status()
    return spent


def _memory(service: Service) -> None:
    total = 0
    for name, needle in zip(
        PROCESSES,
        (*(f"handlers.{name}.app" for name in PROCESSES[:3]), "-m bot worker", "nlu/serve.py"),
        strict=True,
    ):
        resident = sum(resident_kb(pid) for pid in service.pids(needle))
        total += resident
        _say(f"memory of {name}", f"{resident // 1024} MB")
    _say("memory together", f"{total // 1024} MB")


def _statements() -> None:
    """Count what one question and one plea cost the database."""
    line = make_line(load_settings())
    counts = {"statements": 0, "commits": 0}

    def executed(*_: object) -> None:
        counts["statements"] += 1

    def committed(*_: object) -> None:
        counts["commits"] += 1

    event.listen(line.engine, "before_cursor_execute", executed)
    event.listen(line.engine, "commit", committed)
    for what, text in (("question", "老板拖欠工资咋个办"), ("plea", "帮我去找老板要工钱")):
        for number in (1, 2):  # the second message of a resident is the usual one
            counts |= {"statements": 0, "commits": 0}
            now = line.now()
            push = Push(f"bench:{what}:{number}", "text", f"o-{what}", "gh", now, text=text)
            answer(line, store(line, push), window=PassiveWindow(10), render=str)
        _say(
            f"database, a {what}",
            f"{counts['statements']} statements, {counts['commits']} commits",
        )
    line.engine.dispose()


def _say(what: str, figure: str) -> None:
    print(f"{what:<24} {figure}", flush=True)  # noqa: T201 (this is a command)
