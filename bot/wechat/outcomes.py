"""What WeChat's answers mean: one table from its codes to an outcome, and what staff should do."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

from bot.errors import SendLaterError, SendRefusedError

# WeChat's day; without a time zone database, since China has had no summer time since 1991.
BEIJING = timezone(timedelta(hours=8))
_LONGEST_PAUSE = timedelta(minutes=10)
_FIRST_PAUSE_SECONDS = 5


class NoCode(StrEnum):
    """Outcomes of a call to which WeChat gave no answer with a code."""

    NETWORK = "network"
    TIMEOUT = "timeout"
    HTTP_ERROR = "http_error"
    UNREADABLE = "unreadable"
    REDIRECTED = "redirected"
    TOKEN = "token"  # noqa: S105 (the name of an outcome)


class Ends(StrEnum):
    """What follows from an outcome."""

    REFUSED = "refused"  # WeChat will never take this message
    HELD = "held"  # it will, once the resident writes again
    LATER = "later"  # trying again may help


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way a call can end."""

    name: str
    ends: Ends
    says: str
    """What happened, in words staff read."""
    next_step: str
    """What staff can do about it."""
    wait: timedelta = timedelta(0)
    """The least useful pause before the next try."""
    doubtful: bool = False
    """WeChat may have accepted the message without our learning of it."""


_MINUTE = timedelta(minutes=1)
_ADMIN = "请告诉管理员，运行 doctor 看怎么改。修好后会自动补发。"

_ALL = (
    Outcome(
        "no_window",
        Ends.HELD,
        "居民超过 48 小时没有来信，微信不让我们先开口。",
        "居民再来信时会自动补发；急事请打电话或上门。",
    ),
    Outcome(
        "limit_reached",
        Ends.HELD,
        "居民上次来信后的 5 条回复已经用完。",
        "居民再来信时会自动补发；急事请打电话。以后尽量合成一条说完。",
    ),
    Outcome(
        "kept_for_outcome",
        Ends.HELD,
        "只剩最后一条，留着发办理结果。",
        "居民再来信时会自动补发；要现在发，点“用最后一条发”。",
    ),
    Outcome(
        "discreet",
        Ends.HELD,
        "居民的手机别人也看，消息先存着；他回“看”才发给他。",
        "等他来，别主动打没说过安全的电话；急事按安全计划联系。",
    ),
    Outcome(
        "person_speaks",
        Ends.REFUSED,
        "社工已经接手，机器人这条没有发。",
        "不用管；需要的话由您来说。",
    ),
    Outcome(
        "no_consent",
        Ends.REFUSED,
        "居民没有同意收订阅通知，或者同意的次数用完了。",
        "请打电话或上门联系。",
    ),
    Outcome(
        "bad_template",
        Ends.REFUSED,
        "公众号的通知模板不对，微信不收。",
        "请打电话或上门联系；并告诉管理员检查设置里的通知模板。",
    ),
    Outcome(
        "notice_failed",
        Ends.REFUSED,
        "微信收下了提醒，但没有送到居民手机上。",
        "居民可能拦截了通知，请打电话或上门联系。",
    ),
    Outcome("bad_file", Ends.REFUSED, "微信不收这个文件。", "请换成小一点的 JPG 图片重新发。"),
    Outcome("file_gone", Ends.REFUSED, "文件已经不在了。", "请重新选一次文件再发。"),
    Outcome(
        "not_following", Ends.REFUSED, "居民已经取消关注，收不到消息。", "请打电话或上门联系。"
    ),
    Outcome(
        "minor",
        Ends.REFUSED,
        "微信为保护未成年人，没有发出这条消息。",
        "请打电话给监护人，或通过学校、村居联系。",
    ),
    Outcome(
        "bad_openid",
        Ends.REFUSED,
        "微信不认识这位居民，可能已注销或换了公众号。",
        "请打电话或上门联系。",
    ),
    Outcome("too_long", Ends.REFUSED, "这条消息太长，微信不收。", "请拆成几条短的重新发。"),
    Outcome("empty", Ends.REFUSED, "这条消息没有内容，微信不收。", "请写上内容重新发。"),
    Outcome("bad_content", Ends.REFUSED, "微信不收这条消息的内容。", "请换个说法重新发。"),
    Outcome(
        "no_permission",
        Ends.REFUSED,
        "公众号没有发客服消息的权限，可能没认证或被停用。",
        "请告诉管理员到微信公众平台开通；开通后点“再试一次”。",
    ),
    Outcome("token", Ends.LATER, "与微信的登录凭证失效。", _ADMIN, _MINUTE),
    Outcome("secret", Ends.LATER, "AppID 或 AppSecret 不对，微信不让登录。", _ADMIN, 5 * _MINUTE),
    Outcome("ip_list", Ends.LATER, "服务器的 IP 不在微信的白名单里。", _ADMIN, 5 * _MINUTE),
    Outcome(
        "daily_limit",
        Ends.LATER,
        "今天的发送次数用完了，过了半夜（北京时间）再发。",
        "急事请打电话。",
    ),
    Outcome("too_fast", Ends.LATER, "发得太快，微信让慢一点。", "不用管，会自动再发。", _MINUTE),
    Outcome("busy", Ends.LATER, "微信系统忙。", "不用管，会自动再发。"),
    Outcome("network", Ends.LATER, "连不上微信。", "不用管，会自动再发；一直这样请告诉管理员。"),
    Outcome(
        "timeout",
        Ends.LATER,
        "微信没有及时回应，这条可能已经送到。",
        "会自动再发，居民可能收到两遍。",
        doubtful=True,
    ),
    Outcome(
        "http_error",
        Ends.LATER,
        "微信的服务器出错，这条可能已经送到。",
        "会自动再发，居民可能收到两遍。",
        doubtful=True,
    ),
    Outcome(
        "unreadable",
        Ends.LATER,
        "微信的回应看不懂，这条可能已经送到。",
        "会自动再发，居民可能收到两遍；一直这样请告诉管理员查网络。",
        doubtful=True,
    ),
    Outcome(
        "redirected",
        Ends.LATER,
        "去微信的路上被转到了别处，没有发出。",
        "请告诉管理员查网络和代理。",
        _MINUTE,
    ),
    Outcome("unknown_code", Ends.LATER, "微信给了一个没见过的错误码。", _ADMIN, _MINUTE),
)
OUTCOMES = {outcome.name: outcome for outcome in _ALL}
_CODES = {
    -1: "busy",
    40001: "token",
    40014: "token",
    42001: "token",
    41001: "token",
    40013: "secret",
    40125: "secret",
    40243: "secret",
    41002: "secret",
    41004: "secret",
    40164: "ip_list",
    61004: "ip_list",
    40003: "bad_openid",
    40004: "bad_file",
    40005: "bad_file",
    40006: "bad_file",
    40009: "bad_file",
    41005: "bad_file",
    45001: "bad_file",
    40037: "bad_template",
    47003: "bad_template",
    43101: "no_consent",
    43004: "not_following",
    50005: "not_following",
    44004: "empty",
    45002: "too_long",
    45009: "daily_limit",
    45011: "too_fast",
    45015: "no_window",
    45047: "limit_reached",
    47001: "bad_content",
    87014: "bad_content",
    48001: "no_permission",
    48004: "no_permission",
    50001: "no_permission",
    50002: "no_permission",
    70000: "minor",
}
STALE_TOKEN = frozenset(code for code, name in _CODES.items() if name == "token")


def error_for(code: int) -> SendRefusedError | SendLaterError:
    """Return the error that WeChat's errcode stands for; a code we do not know is tried again."""
    outcome = OUTCOMES[_CODES.get(code, "unknown_code")]
    if outcome.ends == Ends.REFUSED:
        return SendRefusedError(code, outcome.name)
    return SendLaterError(code, outcome.name, outcome.wait or None)


def failed(how: NoCode) -> SendLaterError:
    """Return the error of a call to which WeChat gave no answer with a code."""
    return SendLaterError(None, how.value, OUTCOMES[how].wait or None)


def next_try(name: str, *, attempts: int, seed: int, now: datetime) -> datetime:
    """
    Return when to try again: twice as long each time, up to ten minutes.

    The *seed*, the row's number, shifts it by up to a quarter, so that many
    messages that failed together do not return together.
    """
    if name == "daily_limit":
        return next_day(now)
    exponent = min(max(attempts - 1, 0), 10)
    pause = min(timedelta(seconds=_FIRST_PAUSE_SECONDS * 2**exponent), _LONGEST_PAUSE)
    spread = 1 - (seed * 37 % 100) / 400
    least = OUTCOMES[name].wait if name in OUTCOMES else timedelta(0)
    return now + max(pause * spread, least)


def next_day(now: datetime) -> datetime:
    """Return the next midnight in Beijing, when WeChat counts from nought again."""
    today = now.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
    return (today + timedelta(days=1)).astimezone(UTC)
