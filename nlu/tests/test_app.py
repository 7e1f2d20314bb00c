"""The HTTP face inside this process, where it can be held up and counted."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

from aiohttp import ClientSession, ClientTimeout, web

from nlu import encoder
from nlu.serving.app import make_app
from nlu.serving.model import Model

TOKEN = "a token for tests"


@dataclass
class Watched:
    """A runner that can be held up, notes what it was asked, and adds to the answer."""

    runner: Any
    adds: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    hurried: list[bool] = field(default_factory=list)
    go: threading.Event = field(default_factory=threading.Event)

    def run(self, inputs: dict[str, Any], targets: list[str]) -> dict[str, Any]:
        self.asked.append(inputs["__message__"][0].text)
        self.hurried.append(encoder.hurried.get())
        self.go.wait(10)
        answer = self.runner.run(inputs=inputs, targets=targets)
        for name, value in self.adds.items():
            answer[targets[0]][0].set(name, value, add_to_output=True)
        return answer


def test_a_vector_that_the_pipeline_made_is_passed_on_as_it_is(model: Model) -> None:
    vector = {"model": "an encoder", "data": "AAECAw=="}
    watched = Watched(model.runner, adds={"vector": vector})
    watched.go.set()

    async def ask(url: str, session: ClientSession) -> None:
        async with session.post(url, json={"text": "你好"}) as answer:
            assert (await answer.json())["vector"] == vector

    _serving(replace(model, runner=watched), ask)


def test_whoever_asks_may_do_without_what_takes_long(model: Model) -> None:
    watched = Watched(model.runner)
    watched.go.set()

    async def ask(url: str, session: ClientSession) -> None:
        for more in ({}, {"hurried": True}, {"hurried": "yes"}):
            async with session.post(url, json={"text": "你好", **more}) as answer:
                assert answer.status == 200

    _serving(replace(model, runner=watched), ask)
    assert watched.hurried == [False, True, False]


def test_what_nobody_waits_for_any_more_is_not_read(model: Model) -> None:
    watched = Watched(model.runner)

    async def ask(url: str, session: ClientSession) -> None:
        first = asyncio.create_task(_post(session, url, "第一条"))
        await _until(lambda: watched.asked == ["第一条"])
        leaving = [asyncio.create_task(_post(session, url, f"等不及{n}")) for n in range(5)]
        await asyncio.sleep(0.5)
        for task in leaving:
            task.cancel()
        await asyncio.sleep(1.0)
        watched.go.set()
        assert await first == 200
        assert await _post(session, url, "最后一条") == 200

    _serving(replace(model, runner=watched), ask)

    assert watched.asked == ["第一条", "最后一条"]


def test_health_is_told_while_a_message_is_read(model: Model) -> None:
    watched = Watched(model.runner)

    async def ask(url: str, session: ClientSession) -> None:
        reading = asyncio.create_task(_post(session, url, "慢慢读"))
        await _until(lambda: watched.asked == ["慢慢读"])
        async with session.get(url.replace("/model/parse", "/healthy")) as answer:
            assert answer.status == 200
        assert not reading.done()
        watched.go.set()
        assert await reading == 200

    _serving(replace(model, runner=watched), ask)


def _serving(model: Model, ask: Callable[[str, ClientSession], Awaitable[None]]) -> None:
    async def serve() -> None:
        runner = web.AppRunner(make_app(model, token=TOKEN), handler_cancellation=True)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        session = ClientSession(timeout=ClientTimeout(120))
        try:
            url = f"http://127.0.0.1:{port}/model/parse?token={TOKEN.replace(' ', '%20')}"
            await ask(url, session)
        finally:
            await session.close()
            await runner.cleanup()

    asyncio.run(serve())


async def _post(session: ClientSession, url: str, text: str) -> int:
    async with session.post(url, json={"text": text}) as answer:
        return answer.status


async def _until(holds: Callable[[], bool]) -> None:
    for _ in range(1_000):
        if holds():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come to it")
