"""Processor time of one message in our own process, stage by stage, one message at a time."""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeVar

from bot.db.engine import reading
from bot.line import Line, answer, store
from bot.line_turn import look
from bot.settings import load_settings
from bot.wechat.envelope import Envelope, text_reply
from bot.window import PassiveWindow
from bot.wiring import keep_fresh, make_line, warm_up
from handlers.simulator.crypto import Envelope as Theirs
from tests.bench.phone import sealed, texts

Done = TypeVar("Done")
FIRST = 2 * 10**15
MESSAGES, WARM_UP = 200, 40
EACH_WRITES = 10
STAGES = ("verify, decrypt, parse", "store", "understand", "search", "decide, write", "encrypt")


def measure_stages(theirs: Theirs) -> Mapping[str, float]:
    """
    Return milliseconds by stage, on the database and the NLU of the settings.

    The NLU's own processor time is not among them: it is another process.
    """
    line, words = make_line(load_settings()), texts(5)
    warm_up(line)
    keep_fresh(line)
    ours = Envelope(line.tools.settings.wechat)
    each = [_one(line, ours, theirs, next(words), at) for at in range(WARM_UP + MESSAGES)]
    line.engine.dispose()
    return {
        stage: sum(one[place] for one in each[WARM_UP:]) * 1000 / MESSAGES
        for place, stage in enumerate(STAGES)
    }


def _one(line: Line, ours: Envelope, theirs: Theirs, said: str, number: int) -> Sequence[float]:
    """Return the seconds of each stage."""
    now, (query, body) = (
        line.now(),
        sealed(theirs, said, openid=f"o-stage-{number // EACH_WRITES}", nonce=str(FIRST + number)),
    )
    opening, opened = _timed(lambda: ours.open(query, body, now=now))
    storing, inbound_id = _timed(lambda: store(line, opened.push))
    reading_it, read = _timed(lambda: line.reader.read(said, now=now))
    opens = partial(reading, line.engine)
    looking, _ = _timed(
        lambda: look(said, "", read, line.tools, line.encoder, now=now, opened=opens)
    )
    render = partial(text_reply, opened.push, now=now)
    whole, turned = _timed(
        lambda: answer(line, inbound_id, window=PassiveWindow(10), render=render)
    )
    xml = turned.passive.xml if turned and turned.passive else ""
    sealing, _ = _timed(lambda: ours.seal(xml, opened, now=now))
    # `answer` reads and looks once more.
    return opening, storing, reading_it, looking, whole - reading_it - looking, sealing


def _timed(act: Callable[[], Done]) -> tuple[float, Done]:
    began = time.thread_time()
    done = act()
    return time.thread_time() - began, done
