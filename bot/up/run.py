"""`up`: everything this machine needs to serve, and what to open once it does."""

import os
import signal
import sys

from bot.people.demo_logins import demo_logins
from bot.settings import Settings
from bot.up.environments import NLU
from bot.up.health import url
from bot.up.ports import require_free
from bot.up.programs import model_folder, nlu_environment, ports, programs, serves_nlu
from bot.up.steps import ROOT, Steps
from bot.up.supervisor import Supervisor
from bot.up.terminal import UpError, complain, say, write

INTERRUPTED = 130


def up(settings: Settings) -> int:
    """Prepare the data and the model, run all until Ctrl-C, and return the exit code."""
    try:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        require_free(ports(settings))
        steps = Steps()
        # Whoever writes while the model is being made is answered through the stand-in.
        with steps.background(lambda: _train(steps, settings)) as trained:
            _load(steps)
            supervisor = Supervisor(
                programs(settings, trained), settings.service.data_dir / "logs"
            )
            supervisor.run(lambda: _welcome(settings))
    except UpError as error:
        complain(error)
        return 1
    except KeyboardInterrupt:
        say("已中断", "interrupted", mark="✗")
        return INTERRUPTED
    return 0


def _load(steps: Steps) -> None:
    with steps.step("准备数据库", "migrating the database"):
        steps.command(sys.executable, "-m", "bot", "migrate")
    with steps.step("载入初始内容", "loading the starter content"):
        steps.command(sys.executable, "-m", "bot", "load-content")


def _train(steps: Steps, settings: Settings) -> None:
    """Without a new model the old one serves, and without any the stand-in does."""
    if not serves_nlu(settings):
        say("不启动语言理解，由替身回答", "no NLU here: the stand-in answers", mark="!")
        return
    try:
        with steps.step("检查并训练语言理解模型", "training the NLU if its data changed"):
            train = (NLU.python, ROOT / "nlu/train.py", "--out", model_folder(settings))
            told = steps.command(*train, env=nlu_environment(settings))
        write("\n".join(line for line in told.splitlines() if line.startswith("nlu:")))
    except UpError as error:
        if steps.stopped:
            return
        write(error.details)
        say("训练失败，沿用旧模型或替身", "no new model: going on without it", mark="!")


def _welcome(settings: Settings) -> None:
    """Say what to open."""
    rule = "─" * 64
    write(f"\n{rule}\n  {settings.service.name}已就绪，按 Ctrl-C 停止    ready, Ctrl-C stops it\n")
    if settings.simulator.enabled:
        phone = settings.simulator
        write(f"  手机模拟器  phone simulator   {url(phone.host, phone.port)}/")
    console = settings.console
    write(f"  工作台      staff console     {url(console.host, console.port)}/")
    web = settings.web
    write(f"  微信回调    WeChat callback   {url(web.host, web.port)}/wechat")
    write(f"  日志        logs              {_short(settings)}/")
    logins = demo_logins(settings)
    if logins:
        write("\n  演示账号    demo logins")
        for login, password, role in logins:
            write(f"    {login:<16} {password:<20} {role}")
    write(rule + "\n")


def _short(settings: Settings) -> str:
    return os.path.relpath(settings.service.data_dir / "logs")
