"""The secrets of a demo: made once, kept in the data folder, readable by its owner only."""

import os
import secrets
import string
from pathlib import Path

LETTERS = string.ascii_letters + string.digits


def ensure_secrets(path: Path) -> None:
    """Write a file of fresh secrets to *path* unless there is one."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    made = {
        "YUNQIAO_WECHAT__TOKEN": secrets.token_hex(16),
        "YUNQIAO_WECHAT__AES_KEY": "".join(secrets.choice(LETTERS) for _ in range(43)),
        "YUNQIAO_WECHAT__APP_ID": "wx" + secrets.token_hex(8),
        "YUNQIAO_WECHAT__APP_SECRET": secrets.token_hex(16),
        "YUNQIAO_CONSOLE__SECRET_KEY": secrets.token_hex(32),
        "YUNQIAO_NLU__TOKEN": secrets.token_hex(16),
    }
    text = "".join(f"{name}={value}\n" for name, value in made.items())
    part = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    try:
        # A hard link fails when another process was first, so both read the same secrets.
        os.link(part, path)
    except FileExistsError:
        pass
    finally:
        part.unlink()
