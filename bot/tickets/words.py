"""What the codes of a ticket are called, on pages, in files and in reports."""

from collections.abc import Mapping

from bot.contracts import Intent, Urgency
from bot.tickets.lanes import lane_name
from bot.tickets.tables import CloseCode, Lane, Level

CLOSE_CODES = {
    CloseCode.SOLVED: "居民说解决了",
    CloseCode.ANSWERED_UNCONFIRMED: "居民没有确认",
    CloseCode.EXPLAINED: "居民接受了解释",
    CloseCode.NOT_SOLVED: "没能解决",
    CloseCode.REFERRED_OUT: "转别的部门",
    CloseCode.NOT_ACCEPTED: "不予受理",
    CloseCode.WITHDRAWN: "居民撤销",
    CloseCode.UNREACHABLE: "联系不上",
    CloseCode.DUPLICATE: "重复",
    CloseCode.SPAM: "无效来信",
}
URGENCIES = {Urgency.CRISIS: "危机", Urgency.URGENT: "急", Urgency.NORMAL: "普通"}
LEVELS: Mapping[str, str] = {
    Level.CRISIS: "危机",
    Level.URGENT: "紧急",
    Level.ORDINARY: "一般求助",
    Level.DISPUTE: "纠纷",
    Level.COMPLEX: "复杂",
}
INTENTS = {
    Intent.POLICY_QUESTION: "问政策",
    Intent.HELP_REQUEST: "求助",
    Intent.DISPUTE: "纠纷",
    Intent.CRISIS: "危机",
    Intent.HUMAN_HANDOFF: "找人工",
    Intent.FEEDBACK_COMPLAINT: "投诉建议",
}
LANES: Mapping[str, str] = {lane: lane_name(lane) for lane in Lane if lane}
