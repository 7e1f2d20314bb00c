"""The history of a ticket in words: what happened, and how it ended."""

from collections.abc import Callable, Mapping

from bot.contracts import Urgency
from bot.people.tables import Staff
from bot.tickets.outcome import CHANNELS
from bot.tickets.tables import CloseCode, Level, TicketEvent
from bot.tickets.thread import Deed
from bot.tickets.words import CLOSE_CODES, LEVELS, URGENCIES
from handlers.console import casefile_words

CLOCK_NAMES = {
    "dispatch": "分派",
    "accept": "签收",
    "reply": "回复",
    "resolve": "办理",
    "confirm": "回访",
    "partner": "协办",
    "rights": "法定期限",
}
HAPPENED = {
    "opened": "居民来信，登记",
    "added": "居民又来信",
    "assigned": "分派",
    "given_back": "撤销改派",
    "urged": "督导催办",
    "accepted": "签收接手",
    "introduced": "告诉居民谁来帮",
    "reply": "回复居民",
    "unsent": "回复没有发出去，期限接着走",
    "went_out": "存着的回复发出去了",
    "reached": "跟居民说上了话，算已回复",
    "note": "写了备注",
    "passed_on": "指派给别人",
    "handed_back": "退回",
    "waiting": "等居民补充",
    "urgency": "紧急程度变了",
    "resolved": "已办，请居民确认",
    "closed": "办结",
    "reopened": "重新打开",
    "withdrawn": "居民撤销",
    "merged": "与另一件合并",
    "reminded": "催办：还没看",
    "escalated": "超时，报督导",
    "nudged": "提醒居民补充",
    "queued": "没有合适的人，等分派",
    "put_back": "没有人接着办，等分派",
    "moved_away": "负责的人不在，转出",
    "unassigned_alarm": "久等没人接，提醒督导",
    "lane": "转为保密",
    "unsealed": "督导写明原因，打开了保密内容",
    "heard": "居民又来信",
    "waiting_over": "等居民到了上限，回到办理中",
    "partner_asked": "请别的单位协办",
    "partner_answered": "协办有了结果",
    "extension_asked": "申请延期",
    "close_asked": "申请办结",
    "close_refused": "不同意办结",
    "calm_asked": "申请解除危机",
    "calm_refused": "不同意解除危机",
    "supervised": "督办",
    "supervision_over": "解除督办",
    "unmerged": "从别件拆出",
    "took_in": "并入了另一件",
    "gave_out": "拆出了一件",
    "joined_in": "并入那件的居民又来信",
    "linked": "关联",
    "unlinked": "取消关联",
    "split": "另立一件",
    "erased": "内容已删除，只留经过",
    "acknowledged": "第一句回话送到",
    "recounted": "放假安排变了，期限重算",
    "rights": "算出法定期限",
    "dispute": "记下纠纷情况",
    "withdraw_wanted": "居民想撤销，要先确认平安",
    "baseline": "从这里起完整记录",
    "consent_asked": "问居民同不同意",
    "consent": "居民表示同不同意",
    "consent_without": "没有同意，依法照办",
    "noticed": "发提醒：有新答复",
    "resent": "重发没送到的消息",
    "taken_back": "撤回没发出的消息",
    **casefile_words.HAPPENED,
}


def happened(deed: Deed, people: Mapping[int, Staff]) -> str:
    """Write one event of the history in a line."""
    event = deed.event
    special = _SPECIAL.get(event.kind)
    said = special(event) if special else ""
    if said:
        return said
    to = people.get(int(event.data.get("to") or 0))
    return HAPPENED.get(event.kind, event.kind) + (f"给{to.name}" if to else "")


def _tried(event: TicketEvent) -> str:
    way = CHANNELS.get(str(event.data.get("channel")), "联系居民")
    return f"{way}，{'联系上了' if event.data.get('reached') else '没联系上'}"


def _called_back(event: TicketEvent) -> str:
    solved = "解决了" if event.data.get("solved") else "没解决"
    satisfied = {True: "，满意", False: "，不满意", None: ""}[event.data.get("satisfied")]
    return f"回访：居民说{solved}{satisfied}"


def _clock(event: TicketEvent, what: str) -> str:
    name = CLOCK_NAMES.get(str(event.data.get("clock")))
    return f"{name}{what}" if name else ""


def _closed(event: TicketEvent) -> str:
    code = event.data.get("code")
    return f"办结：{CLOSE_CODES[CloseCode(str(code))]}" if code else ""


def _other(event: TicketEvent, what: str) -> str:
    number = event.data.get("other") or event.data.get("into")
    return f"{what} {number}" if number else ""


_CONSENTS = {"sharing": "居民", "sensitive": "居民", "guardian": "监护人"}


def _consent(event: TicketEvent) -> str:
    who = _CONSENTS.get(str(event.data.get("consent")), "居民")
    return f"{who}{'同意' if event.data.get('given') else '不同意，或收回了'}"


_SPECIAL: dict[str, Callable[[TicketEvent], str]] = {
    "rated": lambda it: "居民说解决了" if it.data.get("solved") else "居民说没解决",
    "closed": _closed,
    "urgency": lambda it: f"紧急程度改为{URGENCIES[Urgency(str(it.data['after']))]}",
    "level": lambda it: f"急缓改为{LEVELS[Level(str(it.data['after']))]}",
    "extension_decided": lambda it: "同意延期" if it.data.get("approved") else "不同意延期",
    "called_back": _called_back,
    "tried": _tried,
    "reminded": lambda it: _clock(it, "快到期，提醒"),
    "escalated": lambda it: _clock(it, "超期，上报"),
    "nudged": lambda it: "" if it.data.get("sent") else "居民7天没有回音，微信发不出，请打电话",
    "merged": lambda it: _other(it, "并入"),
    "took_in": lambda it: _other(it, "并入了"),
    "gave_out": lambda it: _other(it, "拆出了"),
    "linked": lambda it: _other(it, "关联"),
    "split": lambda it: _other(it, "另立一件"),
    "consent": _consent,
    "consent_asked": lambda it: f"问{_CONSENTS.get(str(it.data.get('consent')), '居民')}同不同意",
    "joined_in": lambda it: _other(it, "居民又来信，在"),
}
