"""What notices say: to staff in the console, and outside it without a word of the case."""

from bot.notices.tables import Channel, Fate, NoticeKind
from bot.wechat.outcomes import OUTCOMES

LABELS = {
    NoticeKind.ASSIGNED: "有新工单分给您",
    NoticeKind.NEW_MESSAGE: "居民有新消息",
    NoticeKind.MENTIONED: "有同事在备注里提到您",
    NoticeKind.REMINDER: "催办：有工单等您处理",
    NoticeKind.OVERDUE: "有工单已经超时",
    NoticeKind.ESCALATED: "有工单超时，报给了您",
    NoticeKind.CRISIS_PAGE: "危机求助，等您马上接手",
    NoticeKind.DRILL: "危机演练，请按真的接手",
    NoticeKind.APPROVAL_WANTED: "有事项等您审批",
    NoticeKind.APPROVAL_GIVEN: "您申请的审批有结果了",
    NoticeKind.TASK_DUE: "有任务到时间了",
    NoticeKind.VISIT_MISSED: "有走访没有按时完成",
    NoticeKind.UNASSIGNED_AGE: "有工单久等没人接",
    NoticeKind.SUPERVISED: "有工单被督办",
    NoticeKind.HANDED_BACK: "有工单被退回",
    NoticeKind.REOPENED: "居民说没解决，工单又打开了",
    NoticeKind.REPLY_FAILED: "有回复没有送到居民",
    NoticeKind.CALL_NOW: "微信现在发不出去，请打电话给居民",
    NoticeKind.UNSEALED: "有督导写明原因，打开了保密工单",
    NoticeKind.RIGHTS_CLOCK: "有维权期限快到了",
    NoticeKind.WEEKLY_REPORT: "上周的周报做好了",
    NoticeKind.DATA_REQUEST: "居民要改或要删个人信息",
    NoticeKind.ACCOUNT: "管理员新开、改了或重设了一个账号，请核对",
    NoticeKind.CHANNEL_BROKEN: "提醒发不出去，请看提醒方式",
    NoticeKind.TEST: "这是一条测试提醒",
}
# Anybody beside the phone can read these, so they say what to do and not what about.
OUTSIDE = {
    **LABELS,
    NoticeKind.ASSIGNED: "您有新的工单",
    NoticeKind.NEW_MESSAGE: "您的工单有新消息",
    NoticeKind.ESCALATED: "有工单要您处理",
    NoticeKind.CRISIS_PAGE: "有紧急工单等您接手",
    NoticeKind.DRILL: "有紧急工单等您接手",
    NoticeKind.REOPENED: "有工单重新打开了",
    NoticeKind.REPLY_FAILED: "有回复没有送出",
    NoticeKind.CALL_NOW: "微信发不出，请打电话",
    NoticeKind.UNSEALED: "有一件工单请您留意",
    NoticeKind.RIGHTS_CLOCK: "有工单快到期限",
    NoticeKind.DATA_REQUEST: "有一件申请请您办",
    NoticeKind.ACCOUNT: "有账号变动，请核对",
    NoticeKind.CHANNEL_BROKEN: "有提醒发不出去",
}
LOOK = "，请到工作台查看"
SEVERAL = "您有{count}条新提醒"
CHANNELS = {
    Channel.CONSOLE: "工作台",
    Channel.WECHAT: "微信",
    Channel.WECOM: "企业微信群",
    Channel.EMAIL: "电子邮件",
}
FATES = {
    Fate.QUEUED: "等着发",
    Fate.SENT: "已发出",
    Fate.DELIVERED: "已送达",
    Fate.SEEN: "已看",
    Fate.REFUSED: "没发出去",
    Fate.SPARED: "看过了，没有再发",
}
_ADMIN = "请告诉管理员看设置。"
REASONS = {
    "user_block": "您把服务号的消息屏蔽了。请在微信里打开服务号，允许接收消息。",
    "not_following": "您已经取消关注服务号。请重新关注。",
    "bad_openid": "微信不认识绑定的账号。请解绑后重新绑定。",
    "system_failed": "微信收下了，但没能送到。",
    "bad_template": f"消息模板的字段对不上。{_ADMIN}",
    "no_permission": f"公众号没有发模板消息的权限。{_ADMIN}",
    "no_address": "没有填地址，或者已经解绑。",
    "given_up": "试了一天都没发出去。",
    "bad_robot": f"群机器人的地址已失效。{_ADMIN}",
    "robot_refused": f"群机器人不收这条消息。{_ADMIN}",
    "mail_address": "邮件服务器说没有这个邮箱。请检查地址。",
    "mail_login": f"登录不了邮件服务器。{_ADMIN}",
    "mail_server": f"邮件服务器不收信。{_ADMIN}",
}


def label(kind: str) -> str:
    """Write why somebody is told, for the console."""
    return LABELS[NoticeKind(kind)]


def outside(kinds: list[str]) -> str:
    """Write one or several notices for everywhere else: at most 20 characters, no content."""
    if len(kinds) > 1:
        return SEVERAL.format(count=len(kinds)) + LOOK
    text = OUTSIDE[NoticeKind(kinds[0])]
    return text if kinds[0] == NoticeKind.TEST else text + LOOK


def reason(name: str) -> str:
    """Write why a channel took nothing, and what to do."""
    if name in REASONS:
        return REASONS[name]
    known = OUTCOMES.get(name)
    return f"{known.says}{known.next_step}" if known else ""
