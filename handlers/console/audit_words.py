"""The record in words."""

from bot.reports.deeds import Deed
from bot.tickets.sealed.rules import load_rules
from bot.tickets.views import View
from handlers.console.tickets_happened import HAPPENED
from handlers.console.tickets_words import VIEWS

DEEDS = {
    "login": "登录",
    "login_failed": "登录失败",
    "logout": "退出",
    "staff.create": "新增账号",
    "staff.update": "改账号资料",
    "staff.role": "改角色",
    "staff.password": "改自己的密码",
    "staff.reset_password": "重设密码",
    "staff.deactivate": "停用账号",
    "staff.reactivate": "启用账号",
    "staff.on_duty": "上班",
    "staff.off_duty": "下班",
    "staff.end_logins": "退出其他设备",
    "staff.end_login": "退出一台设备",
    "second.on": "设好两步验证",
    "second.off": "关掉两步验证",
    "second.failed": "验证码不对",
    "second.paper": "用掉一个备用码",
    "second.codes": "换了备用码",
    "second.reset": "重设两步验证",
    "ticket.read": "看工单",
    "ticket.print": "打印对话",
    "ticket.unseal": "打开保密工单",
    "tickets.list": "看工单列表",
    "tickets.search": "搜索工单",
    "outbox.list": "看没送到的消息",
    "privacy.read": "看居民的个人信息请求",
    "data.correct": "居民要改个人信息",
    "data.correct.done": "改好居民的个人信息",
    "data.correct.refused": "没有改居民的个人信息",
    "data.erase": "居民要删个人信息",
    "data.erase.agreed": "同意删除居民的信息，等另一位督导",
    "data.erase.done": "确认删除居民的信息",
    "data.erase.refused": "没有删居民的信息",
    "erased": "删去内容",
    "consent.emergency": "危机没有等居民同意，给别的机构或单位看",
    "consent.duty": "依法没有等居民同意，给别的机构或单位看",
    "ticket.consent_asked": "问同不同意",
    "ticket.consent": "记下同不同意",
    "ticket.consent_without": "写明依据，没有等同意",
    "hold.put": "依法保留工单",
    "hold.lift": "解除保留",
    "privacy.record": "看个人信息处理记录",
    "privacy.record.file": "下载个人信息处理记录",
    "privacy.assessment": "看个人信息影响评估",
    "privacy.breach": "查泄露影响了谁",
    "household.read": "看家庭",
    "entry.create": "新建知识条目",
    "entry.revise": "改知识条目",
    "entry.publish": "发布知识条目",
    "entry.withdraw": "撤下知识条目",
    "questions.read": "看居民怎么问",
    "questions.refuse": "不收居民的问法",
    "wording.keep": "收下一句问法",
    "wording.drop": "撤掉一句问法",
    "policy.import": "导入政策文件",
    "policy.publish": "发布政策文件",
    "policy.withdraw": "撤下政策文件",
    "knowledge.load": "载入初始知识",
    "calendar.put": "改日历的一天",
    "calendar.remove": "撤回日历的一天",
    "calendar.load": "载入放假安排",
    "calendar.drop": "撤下放假安排",
    "outbox.requeue": "重发消息",
    "bulk.assign": "批量改派",
    "bulk.urge": "批量催办",
    "bulk.supervise": "批量督办",
    "bulk.unsupervise": "批量结束督办",
    "bulk.undo": "撤销批量办理",
    "export.ask": "申请导出工单",
    "export.ready": "导出文件已生成",
    "export.fetch": "下载导出文件",
}
PAGES = {
    "tickets.show": "对话和详情",
    "tickets.media": "图片、语音",
    "tickets.preview": "图片、语音",
    "tickets.sent": "发出的图片、语音",
    "tickets.compose": "写回复",
    "file.show": "案卷",
    "file.fetch": "下载附件",
    "file.help": "机器的建议",
    "casefile.task": "待办、走访记录",
    "disputes.show": "纠纷",
    "wechat": "在微信里看最后一句",
}


def deed_name(deed: str) -> str:
    """Write a deed; of a ticket as its history says it."""
    kind = deed.removeprefix("ticket.")
    return DEEDS.get(deed) or (HAPPENED.get(kind, deed) if kind != deed else deed)


def detail(deed: Deed) -> str:
    """Write what else the record knows of it: which part was seen, what for, how much."""
    said = [PAGES.get(str(deed.data.get("page")), "") if deed.deed == "ticket.read" else ""]
    if deed.deed == "ticket.print":
        parts = {"notes": "含备注", "numbers": "号码完整", "pictures": "含图片"}
        said += [name for key, name in parts.items() if deed.data.get(key)]
    if view := deed.data.get("view"):
        said.append(VIEWS[View(view)][0] if view in VIEWS else "")
    if query := deed.data.get("query"):
        said.append(f"词的印记 {query}")
    if deed.data.get("opened"):
        said.append("凭写明的原因打开")
    if why := deed.data.get("why"):
        said.append(load_rules().reasons.get(str(why), ""))
    if reason := deed.data.get("reason"):
        said.append(f"用途：{reason}")
    if (rows := deed.data.get("rows")) is not None:
        said.append(f"{rows}件")
    return "，".join(part for part in said if part)
