"""
How the processes of a gunicorn follow each other; it reads this file (`-c`).

The first process loads the code once and what the application wants to share (its function
`share`), and the others are forked from it: they have the same pages of memory, and one that
is killed is replaced at once, as nothing is loaded again.  What must not be in two processes
(connections, threads, locks on files) is made by `create_app`, which each calls for itself.

On SIGHUP that first process becomes a new one with the code that lies there now: same
number, same socket.  The old ones take calls until a new one has loaded everything.  What
gunicorn itself does on SIGHUP would fork the old code again.
"""

import fcntl
import gc
import importlib
import os
import shutil
import signal
import sys
import tempfile
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

_FOLLOWED = "GUNICORN_FOLLOWED"
_FIRST_SOCKET = 3
"""Where a process looks that was handed a socket as systemd does it."""
_METRICS = "PROMETHEUS_MULTIPROC_DIR"
_NUMBERS = "yunqiao-numbers-"
_OUT_OF_THE_WAY = 50
_ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)


def on_starting(server: Any) -> None:  # noqa: ANN401 (gunicorn's, which bot/ does not import)
    """Learn who serves already, and hear again what ends us."""
    server.followed = [int(pid) for pid in os.environ.pop(_FOLLOWED, "").split()]
    server.ends = False
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)


def when_ready(server: Any) -> None:  # noqa: ANN401
    """Load what several are to share; calls wait in the socket meanwhile."""
    for number in _ENDING:
        signal.signal(number, partial(_ends, server))
    if server.cfg.workers == 1:
        return  # there is nobody to share with
    if _METRICS not in os.environ:
        # Before anything counts: whoever asks for the numbers meets one process, and wants all.
        os.environ[_METRICS] = _folder_of_numbers()
    module, _, _ = server.app.app_uri.partition(":")
    share = getattr(importlib.import_module(module), "share", None)
    if share:
        share()
    gc.collect()
    gc.freeze()  # a collection would write into every page it looks at, and part it


def pre_fork(server: Any, worker: Any) -> None:  # noqa: ANN401
    """Tell a process whom it follows: the first ones some each, a later one all who are left."""
    first, of = worker.age - 1, server.num_workers
    whom = server.followed[first::of] if first < of else server.followed
    worker.follows = [pid for pid in whom if pid not in server.WORKERS and _is_ours(pid)]


def post_worker_init(worker: Any) -> None:  # noqa: ANN401
    """Let those with the old code finish, now that this process has loaded everything."""
    for pid in worker.follows:
        os.kill(pid, signal.SIGTERM)


def on_reload(server: Any) -> None:  # noqa: ANN401
    """Become the process with the new code; those that serve stay ours."""
    # What is heard from here on waits for the new code, and nothing heard before gets lost.
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    if server.ends:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
        return
    for place, listener in enumerate(server.LISTENERS, _FIRST_SOCKET):
        os.dup2(listener.fileno(), place)
        os.set_inheritable(place, True)  # noqa: FBT003 (where it was there already)
    os.environ |= {
        "LISTEN_PID": str(os.getpid()),
        "LISTEN_FDS": str(len(server.LISTENERS)),
        _FOLLOWED: " ".join(map(str, {*server.WORKERS, *filter(_is_ours, server.followed)})),
    }
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # another one would end what is just starting
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606


def on_exit(server: Any) -> None:  # noqa: ANN401
    """Take the numbers away."""
    del server
    if _METRICS in os.environ:
        shutil.rmtree(os.environ[_METRICS], ignore_errors=True)


def _folder_of_numbers() -> str:
    """
    Make a folder that is locked while any of us lives, and take away those of the killed.

    Whoever is killed tidies nothing up; the lock on its folder is gone with its last process.
    """
    for left in Path(tempfile.gettempdir()).glob(f"{_NUMBERS}*"):
        with suppress(OSError):
            lock = os.open(left, os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left, ignore_errors=True)
            finally:
                os.close(lock)
    made = tempfile.mkdtemp(prefix=_NUMBERS)
    opened = os.open(made, os.O_RDONLY | os.O_DIRECTORY)
    fcntl.flock(opened, fcntl.LOCK_EX)
    # Out of the way of the sockets, and still there where this becomes the new code.
    fcntl.fcntl(opened, fcntl.F_DUPFD, _OUT_OF_THE_WAY)
    os.close(opened)
    return made


def _ends(server: Any, number: int, frame: FrameType | None) -> None:  # noqa: ANN401
    server.ends = True
    server.signal(number, frame)


def _is_ours(pid: int) -> bool:
    """Say whether the process is a child of this one that has not been buried yet."""
    try:
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True
