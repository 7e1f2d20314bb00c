"""Checks an installation from WeChat's side, and says in plain words what to fix."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Literal
from urllib.parse import urlsplit

import requests
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import Clock
from bot.db.engine import reading
from bot.errors import NluUnavailableError, SendLaterError, SendRefusedError, SettingsError
from bot.health import check
from bot.inbox import InboundMessage
from bot.outbox import OutboundMessage, SendState
from bot.settings import Settings
from bot.understanding.client import RasaNlu
from bot.wechat.client import WeChatApi, make_wechat_api
from bot.wechat.guards import read_xml
from bot.wechat.keys import Keys
from bot.wechat.menu import MENU
from bot.wechat.menu import keys as keys_of
from bot.wechat.outcomes import OUTCOMES
from bot.wechat.push import to_push
from bot.wechat.rehearsal import Heard, confirm, debug_event, push
from bot.workdays.calendar import overdue_lists

_SECONDS = 5.0
_SKEW_WARN = timedelta(seconds=30)
_BACKLOG = timedelta(minutes=10)
_PORTS = {None, 80, 443}
_HEARD_FIX = {
    Heard.REFUSED: "这个地址上的服务用的 Token 不同，或时钟不准；改好后重启 web 进程。",
    Heard.UNREACHABLE: "启动 web 进程；检查 web.public_url、域名、防火墙和反向代理。",
    Heard.STRANGE: "应答的不是本服务，或反向代理改了内容；/wechat 要原样转到 web 进程。",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    level: Literal["ok", "warn", "fail"]
    what: str
    fix: str = ""


def run_doctor(settings: Settings, *, engine: Engine, now: Clock) -> list[Finding]:
    """
    Look at everything and return what was found; nothing raises.

    Stores one `debug_demo` event, which is what WeChat's own test sends.
    """
    return [
        *_database(engine, now),
        *_backlog(engine, now),
        *_calendar(engine, now),
        *_callback(settings, engine, now),
        *_platform(settings, engine, now),
        *_clock(settings, now),
        *_understanding(settings, now),
    ]


def _database(engine: Engine, now: Clock) -> Iterator[Finding]:
    try:
        parts = check(engine, now=now()).parts
    except SQLAlchemyError as error:
        parts = {"database": type(error).__name__}
    if parts["database"] != "ok":
        fix = "先运行 python -m bot migrate；还不行请查 database.url 和数据库是否在运行。"
        yield Finding("fail", f"数据库 database: {parts['database']}", fix)
        return
    yield Finding("ok", "数据库连得上，结构是新的 database")
    if parts["worker"] == "ok":
        yield Finding("ok", "后台进程在运行 worker")
    else:
        fix = "启动后台进程：python -m bot worker。它不运行，社工的回复就发不出去。"
        yield Finding("fail", f"后台进程 worker: {parts['worker']}", fix)


def _backlog(engine: Engine, now: Clock) -> Iterator[Finding]:
    late = (
        OutboundMessage.state == SendState.QUEUED,
        OutboundMessage.queued_at < now() - _BACKLOG,
    )
    lost = OutboundMessage.state == SendState.GIVEN_UP
    count = select(func.count()).select_from(OutboundMessage)
    try:
        with reading(engine) as session:
            waiting = session.scalar(count.where(*late)) or 0
            given_up = session.scalar(count.where(lost)) or 0
    except SQLAlchemyError:
        return  # said already
    if waiting:
        fix = "看下面与微信有关的几项；都正常就看后台进程的日志。"
        yield Finding("warn", f"{waiting} 条消息等了 10 分钟还没发出 outbox backlog", fix)
    if given_up:
        fix = "在工作台的“发送”页点“再试一次”，或打电话告诉居民。"
        yield Finding("warn", f"{given_up} 条消息已停止重试 given up", fix)
    if not waiting and not given_up:
        yield Finding("ok", "没有积压的消息 outbox")


def _calendar(engine: Engine, now: Clock) -> Iterator[Finding]:
    try:
        with reading(engine) as session:
            missing = overdue_lists(session, today=now().date())
    except SQLAlchemyError:
        return  # said already
    fix = "国务院公布后，在工作台的“日历”页上传，或运行 python -m bot calendar load 文件。"
    for year in missing:
        what = f"{year} 年的放假安排还没载入，只按法定假日算 calendar is provisional"
        yield Finding("warn", what, fix)
    if not missing:
        yield Finding("ok", "放假安排是公布过的 calendar")


def _callback(settings: Settings, engine: Engine, now: Clock) -> Iterator[Finding]:
    """Play WeChat: a check of the address and an event, each also with a bad signature."""
    try:
        keys = Keys(settings.wechat)
    except SettingsError:
        fix = "设好 wechat.token、wechat.aes_key、wechat.app_id，要与微信后台的一样。"
        yield Finding("fail", "密钥没有设好 token, AES key or app id missing", fix)
        return
    if keys.open(keys.seal("<xml>好</xml>", 0)) == ("<xml>好</xml>", 0):
        yield Finding("ok", "密钥能加密也能解密 AES key")
    yield from _address(settings)
    base = settings.web.public_url or f"http://{settings.web.host}:{settings.web.port}"
    url = f"{base.rstrip('/').removesuffix('/wechat')}/wechat"
    yield _heard("地址验证 GET verification", url, confirm(url, keys, now=now()))
    xml = debug_event(settings.wechat.account_id, now=now())
    heard = push(url, keys, xml, now=now())
    if heard == Heard.GOOD and not _stored(engine, xml):
        fix = "web 进程用的 AES 密钥或数据库与这里的不同；改好后重启 web 进程。"
        yield Finding("fail", "加密消息收下了却没有存 encrypted POST not stored", fix)
    else:
        yield _heard("加密消息 encrypted POST", url, heard)
    forged = (
        confirm(url, keys, now=now(), forged=True),
        push(url, keys, xml, now=now(), forged=True),
    )
    if Heard.GOOD in forged:
        fix = "web 进程前面可能有别的程序在应答，检查反向代理。"
        yield Finding("fail", "签名不对的请求没有被拒绝 forged call not refused", fix)


def _address(settings: Settings) -> Iterator[Finding]:
    public = settings.web.public_url
    if not public:
        fix = "设 web.public_url 为微信能访问的 https 地址。"
        yield Finding("warn", "没有设公网地址，只查了本机 web.public_url is empty", fix)
    elif urlsplit(public).port not in _PORTS:
        fix = "微信只连 80 和 443 端口，用反向代理转到 web 进程。"
        yield Finding("fail", "公网地址的端口微信不连 port", fix)


def _heard(name: str, url: str, heard: Heard) -> Finding:
    if heard == Heard.GOOD:
        return Finding("ok", f"{name}：通过")
    return Finding("fail", f"{name}：{url} {heard}", _HEARD_FIX[heard])


def _stored(engine: Engine, xml: str) -> bool:
    key = to_push(read_xml(xml)).key
    try:
        with reading(engine) as session:
            found = select(InboundMessage.id).where(InboundMessage.key == key)
            return session.scalar(found) is not None
    except SQLAlchemyError:
        return False


def _platform(settings: Settings, engine: Engine, now: Clock) -> Iterator[Finding]:
    api = make_wechat_api(settings, engine=engine, clock=now)
    try:
        count = len(api.callback_ips())
    except (SendLaterError, SendRefusedError) as error:
        outcome = OUTCOMES[error.outcome]
        code = "" if error.code is None else f" {error.code}"
        yield Finding("fail", f"微信接口 API{code}：{outcome.says}", _platform_fix(error.outcome))
        return
    except SQLAlchemyError:
        return  # said already
    yield Finding("ok", f"凭证和 IP 白名单正常，微信有 {count} 个出口 IP token, IP list")
    yield _menu(api)


def _platform_fix(outcome: str) -> str:
    return {
        "ip_list": "微信后台 → 设置与开发 → 基本配置 → IP 白名单，加上这台服务器的出口 IP。",
        "secret": "核对 wechat.app_id 和 wechat.app_secret；AppSecret 冻结了就到微信后台解冻。",
        "token": "等一分钟再查；还这样，看有没有别的程序用同一个公众号换凭证。",
        "no_permission": "公众号要先通过微信认证，并开通相应接口。",
    }.get(outcome, "检查网络、代理和 wechat.api_base；演示环境请先启动模拟器。")


def _menu(api: WeChatApi) -> Finding:
    fix = "运行 python -m bot push-menu 把菜单发上去；在微信后台改的菜单会被它盖掉。"
    try:
        found = keys_of(api.get_menu())
    except (SendLaterError, SendRefusedError) as error:
        return Finding("warn", f"菜单读不到 menu: {error.outcome}", _platform_fix(error.outcome))
    if found == keys_of(MENU):
        return Finding("ok", "菜单是本服务的 menu")
    return Finding("warn", "菜单没有或不是本服务的 menu missing or different", fix)


def _clock(settings: Settings, now: Clock) -> Iterator[Finding]:
    try:
        answer = requests.head(settings.api_base, timeout=_SECONDS, allow_redirects=False)
        theirs = parsedate_to_datetime(answer.headers["Date"])
    except (requests.RequestException, KeyError, ValueError):
        return  # an API out of reach has been reported
    skew = abs(now() - theirs)
    if skew <= _SKEW_WARN:
        yield Finding("ok", "时钟准 clock")
        return
    late = skew >= timedelta(seconds=settings.wechat.freshness_seconds)
    fix = "打开这台机器的时间同步（NTP），例如 timedatectl set-ntp true。"
    what = f"时钟差 {int(skew.total_seconds())} 秒 clock skew"
    yield Finding("fail" if late else "warn", what, fix)


def _understanding(settings: Settings, now: Clock) -> Iterator[Finding]:
    try:
        RasaNlu(settings.nlu).understand("你好", now=now())
    except NluUnavailableError:
        fix = "启动 NLU：python -m bot up，或检查 nlu.urls 和 nlu.token。"
        yield Finding("warn", "NLU 没有回答，现在由替身顶着，认得少 NLU unavailable", fix)
    else:
        yield Finding("ok", "NLU 能答 NLU")
