"""What became of a message to a resident, and how many more there may be, in words staff read."""

from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

from bot.outbox import Kind, SendState
from bot.replies.reserve import Room
from bot.tickets.thread import Bubble
from bot.wechat.outcomes import OUTCOMES
from handlers.console.tickets_words import Words

KINDS = {Kind.IMAGE: "图片", Kind.VOICE: "语音", Kind.VIDEO: "视频", Kind.NOTICE: "提醒"}
AGAIN_HELPS = frozenset({"no_permission", "not_following", "file_gone", "notice_failed", ""})
"""Refusals after which the very same message may go through later."""
REWORD = frozenset({"too_long", "empty", "bad_content"})
MAP = "https://apis.map.qq.com/uri/v1/marker"
"""Tencent's map reads the coordinates as WeChat gives them (GCJ-02); only a click goes there."""


def fate(bubble: Bubble) -> Words:
    """Write what became of a message we sent, and what to do where it failed."""
    known = OUTCOMES.get(bubble.outcome)
    why = f"{known.says}{known.next_step}" if known else ""
    if bubble.send_state == SendState.ACCEPTED:
        joined = "，跟上一条合成一条" if bubble.bundled else ""
        return Words(f"已送达微信{joined}", "good", "check2")
    if bubble.send_state == SendState.HELD:
        text = f"还没发：{why or '居民再来信时会自动补发。'}"
        return Words(text, "soon", "pause-circle")
    if bubble.send_state == SendState.WITHDRAWN and bubble.doubtful:
        return Words("发的时候断了，没有再发", "", "slash-circle")
    if bubble.send_state == SendState.WITHDRAWN:
        silent = known is not None and bubble.outcome == "person_speaks"
        return Words(known.says if known and silent else "没有发，已撤回", "", "slash-circle")
    if bubble.send_state in {SendState.REFUSED, SendState.GIVEN_UP}:
        stopped = "试了一天没发出去" if bubble.send_state == SendState.GIVEN_UP else "没有送到"
        return Words(f"{stopped}：{why or '请打电话或上门联系。'}", "bad", "x-circle")
    return _queued(bubble)


def _queued(bubble: Bubble) -> Words:
    known = OUTCOMES.get(bubble.outcome)
    if known:
        return Words(f"排队，还会再试：{known.says}", "soon", "clock")
    if bubble.not_before and bubble.not_before > bubble.at:
        return Words("排队，等几秒，跟您接着写的合成一条发", "", "clock")
    return Words("排队", "", "clock")


def remedies(bubble: Bubble) -> list[tuple[str, str, str]]:
    """Return what can be done about the message: address, label, icon."""
    state, outcome = bubble.send_state, bubble.outcome
    found = []
    if state == SendState.GIVEN_UP or (state == SendState.REFUSED and outcome in AGAIN_HELPS):
        found.append(("again", "重发", "arrow-repeat"))
    if state == SendState.HELD and outcome == "kept_for_outcome":
        found.append(("use_last", "用最后一条发", "send"))
    if bubble.name and state in {SendState.HELD, SendState.QUEUED} and not bubble.bundled:
        found.append(("withdraw", "撤回", "x-lg"))
    return found


def rewordable(bubble: Bubble) -> bool:
    """Say whether the same thing in other words may go through."""
    return bubble.send_state == SendState.REFUSED and bubble.outcome in REWORD


def budget_words(room: Room, now: datetime) -> Words:
    """Write how many answers there may be, for how long, and what is kept for the outcome."""
    if room.until is None:
        return Words("微信现在不让发：居民超过 48 小时没有来信", "soon", "pause-circle")
    lasts = _span(room.until - now)
    if room.left == 0:
        return Words(f"可发的条数用完了，居民来信才有新的（剩 {lasts}）", "soon", "pause-circle")
    if not room.keeps:
        return Words(f"还可回复 {room.left} 条，剩 {lasts}", "soon", "send")
    if room.free == 0:
        return Words(f"只剩 1 条，留着发结果，剩 {lasts}", "soon", "exclamation-circle")
    kept = f"还可回复 {room.free} 条，剩 {lasts}；另留 1 条发结果"
    return Words(kept, "soon" if room.free == 1 else "", "send")


def outcome_told(left: int) -> str:
    """Write what becomes of the outcome; it is never called sent before WeChat has it."""
    if left > 0:
        return "结果正在发给居民，等他回 1 或 2。没回之前不算办好。"
    return "结果存着，居民来信就发：微信现在不让发。请打电话告诉他。没回之前不算办好。"


def map_url(bubble: Bubble) -> str:
    """Return where a map shows the place the resident sent; empty where it has no coordinates."""
    latitude, longitude = (bubble.details.get(f"Location_{axis}", "") for axis in "XY")
    try:
        place = f"{float(latitude):.6f},{float(longitude):.6f}"
    except ValueError:
        return ""
    return f"{MAP}?{urlencode({'marker': f'coord:{place};title:位置', 'referer': 'yunqiao'})}"


def coordinates(bubble: Bubble) -> str:
    """Write the coordinates: 25.04012, 102.71234."""
    found = [bubble.details.get(f"Location_{axis}", "") for axis in "XY"]
    return ", ".join(part for part in found if part)


def web_address(bubble: Bubble) -> str:
    """Return the address of a link the resident sent, if it is one of the web."""
    url = bubble.details.get("Url", "")
    return url if urlsplit(url).scheme in {"http", "https"} else ""


def host(url: str) -> str:
    """Return the name of a web site, for people to see before they go there."""
    return urlsplit(url).hostname or ""


def kind_name(kind: str) -> str:
    """Name what was sent."""
    return KINDS.get(Kind(kind), "")


def _span(span: timedelta) -> str:
    hours = span // timedelta(hours=1)
    return f"{hours} 小时" if hours else f"{max(1, span // timedelta(minutes=1))} 分钟"


FILTERS = {
    "fate": fate,
    "remedies": remedies,
    "rewordable": rewordable,
    "map_url": map_url,
    "coordinates": coordinates,
    "web_address": web_address,
    "host": host,
    "kind_name": kind_name,
}
