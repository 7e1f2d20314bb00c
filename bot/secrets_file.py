"""The secrets of a demo: made once, kept in the data folder, readable by its owner only."""

import fcntl
import secrets
import string
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot import durable, sealing

LETTERS = string.ascii_letters + string.digits


def ensure_secrets(path: Path) -> None:
    """Write to *path* what it lacks: all of a fresh file, and what a newer version needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _one_at_a_time(path):
        kept = path.read_text("utf-8") if path.exists() else ""
        names = {line.partition("=")[0] for line in kept.splitlines()}
        lacking = {name: value for name, value in _made().items() if name not in names}
        if lacking:
            _write(path, kept, lacking)


def _made() -> dict[str, str]:
    return {
        "YUNQIAO_WECHAT__TOKEN": secrets.token_hex(16),
        "YUNQIAO_WECHAT__AES_KEY": "".join(secrets.choice(LETTERS) for _ in range(43)),
        "YUNQIAO_WECHAT__APP_ID": "wx" + secrets.token_hex(8),
        "YUNQIAO_WECHAT__APP_SECRET": secrets.token_hex(16),
        "YUNQIAO_CONSOLE__SECRET_KEY": secrets.token_hex(32),
        "YUNQIAO_NLU__TOKEN": secrets.token_hex(16),
        "YUNQIAO_PRIVACY__KEYS": sealing.new_key(),
        "YUNQIAO_PRIVACY__SEARCH_KEY": secrets.token_hex(32),
    }


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    """Whoever comes second must find the same keys: what is sealed with others is lost."""
    with path.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write(path: Path, kept: str, lacking: dict[str, str]) -> None:
    text = kept + "\n" * bool(kept and not kept.endswith("\n"))
    text += "".join(f"{name}={value}\n" for name, value in lacking.items())
    durable.put(path, text.encode())
