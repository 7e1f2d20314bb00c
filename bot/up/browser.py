"""A Chromium, and fonts for Chinese, for the tests that need a browser."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bot.up.environments import APT, DEV
from bot.up.steps import Steps
from bot.up.terminal import UpError, say

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
MAC = ("Google Chrome", "Chromium", "Microsoft Edge")
DOWNLOADED = ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*")
PACKAGES = ("chromium", "fonts-noto-cjk")
VERSION_SECONDS = 30


def find() -> Path | None:
    """Return a Chromium or Chrome that starts, or None."""
    return next((path for path in _candidates() if _starts(path)), None)


def install(steps: Steps) -> None:
    """See to a browser and Chinese fonts as far as this machine allows; say so where not."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _by_apt(steps)
    elif not find():
        _by_playwright(steps)
    if not find():
        say(
            "没有可用的浏览器：浏览器测试不会运行（结尾有名单）",
            "no browser: the browser tests will not run (they are named at the end)",
            mark="!",
        )


def _by_apt(steps: Steps) -> None:
    missing = [
        package
        for package, there in zip(PACKAGES, (find(), _has_fonts()), strict=True)
        if not there
    ]
    if not missing:
        return
    try:
        with steps.step("安装浏览器和字体", f"apt-get install {' '.join(missing)}"):
            steps.command("apt-get", "update", "-qq", env=APT)
            options = ("install", "-y", "-qq", "--no-install-recommends")
            steps.command("apt-get", *options, *missing, env=APT)
    except UpError as error:
        say("apt-get 安装失败", f"apt-get failed: {error.details[-300:]}", mark="!")


def _by_playwright(steps: Steps) -> None:
    try:
        with steps.step("下载测试浏览器", "downloading a browser for the tests"):
            steps.command(DEV.python, "-m", "playwright", "install", "chromium")
    except UpError as error:
        say("下载失败", f"the download failed: {error.details[-300:]}", mark="!")


def _candidates() -> Iterator[Path]:
    yield from (Path(found) for name in NAMES if (found := shutil.which(name)))
    if sys.platform == "darwin":
        yield from (Path(f"/Applications/{name}.app/Contents/MacOS/{name}") for name in MAC)
    default = "~/Library/Caches" if sys.platform == "darwin" else "~/.cache"
    folder = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or f"{default}/ms-playwright"
    for pattern in DOWNLOADED:
        yield from sorted(Path(folder).expanduser().glob(pattern), reverse=True)


def _starts(path: Path) -> bool:
    """Some systems ship a stub that only asks to install the browser."""
    return _succeeds(str(path), "--version")


def _has_fonts() -> bool:
    return _succeeds("dpkg", "-s", PACKAGES[1])


def _succeeds(*argv: str) -> bool:
    try:
        done = subprocess.run(  # noqa: S603 - fixed names found on PATH
            argv, capture_output=True, check=False, timeout=VERSION_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
