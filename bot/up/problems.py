"""Why the start cannot go on, and what to do about it: every such line in one place."""

from pathlib import Path

from bot.up.terminal import UpError


def command_failed(name: str, code: int, details: str) -> UpError:
    """Return the line for a command that ended with an error."""
    return UpError(f"{name} 失败（代码 {code}）", f"{name} failed ({code})", details)


def packages_not_installed(details: str) -> UpError:
    """Return the line for an installation that failed."""
    return UpError(
        "依赖安装失败：检查网络和磁盘空间，然后重新运行同一命令。",
        "installing packages failed: check network and disk space, run the same again",
        details,
    )


def no_python_for_rasa() -> UpError:
    """Return the line for a machine without the Python that Rasa needs."""
    return UpError(
        "没有 Python 3.10，也无法下载：请安装它（如 pyenv install 3.10），"
        "或设 YUNQIAO_NLU__SERVE=false 暂不启用语言理解。",
        "no Python 3.10, and none could be fetched: install one (such as: pyenv install 3.10),"
        " or set YUNQIAO_NLU__SERVE=false to go without the NLU",
    )


def wrong_platform_for_rasa() -> UpError:
    """Return the line for a machine on which the locked Rasa cannot be installed."""
    return UpError(
        "Rasa 的依赖只适用于 Linux x86_64：请在那里运行，或设 YUNQIAO_NLU__SERVE=false。",
        "the locked Rasa packages exist for Linux x86_64 only: run there,"
        " or set YUNQIAO_NLU__SERVE=false to go without the NLU",
    )


def no_venv(package: str) -> UpError:
    """Return the line for a Debian whose Python cannot make environments."""
    return UpError(
        f"缺少 {package}：请运行 apt-get install {package}，然后重试。",
        f"{package} is missing: apt-get install {package}, then run the same again",
    )


def port_taken(number: int, name: str, holder: str, change: str) -> UpError:
    """Return the line for a port that somebody else listens on."""
    return UpError(
        f"端口 {number}（{name}）已被{holder or '其他程序'}占用：请停掉它，或设 {change}。",
        f"port {number} ({name}) is taken by {holder.strip() or 'another program'}:"
        f" stop it, or set {change}",
    )


def cannot_listen(name: str, where: str, reason: str) -> UpError:
    """Return the line for an address that cannot be listened on."""
    return UpError(f"{name} 不能监听 {where}。", f"{name} cannot listen on {where}: {reason}")


def not_up(name: str, log: Path) -> UpError:
    """Return the line for a process that does not become healthy."""
    return UpError(f"{name} 启动失败：原因见 {log}。", f"{name} does not come up: {log} says why")
