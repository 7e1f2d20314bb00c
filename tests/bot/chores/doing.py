"""Doing in a test what a worker does later."""

from bot.chore_kinds import KINDS
from bot.line import Line
from bot.worker import Worker
from bot.worker_chores import do_next, hand_out, make_chores


def do_all(line: Line) -> None:
    """Hand out and do every chore that is due."""
    worker = Worker(line=line, api=None, chores=make_chores(line, KINDS))  # type: ignore[arg-type]
    while hand_out(worker):
        while do_next(worker):
            pass
