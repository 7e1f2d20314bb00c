"""The record of who did what, and who may see what, for admins."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from bot.people import staff
from bot.reports.deeds import deeds
from handlers.console.access import RULES, SCOPES
from handlers.console.session import db

PER_PAGE = 50
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
    "entry.create": "新建知识条目",
    "entry.revise": "改知识条目",
    "entry.publish": "发布知识条目",
    "entry.withdraw": "撤下知识条目",
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


def make_blueprint() -> Blueprint:
    """Return the pages of the record, and of who may see what."""
    routes = Blueprint("audit", __name__, url_prefix="/audit")
    routes.add_url_rule("/", view_func=list_events)
    routes.add_url_rule("/access", view_func=show_access)
    return routes


def list_events() -> ResponseReturnValue:
    """Show who did what, newest first."""
    page = max(1, request.args.get("page", 1, type=int))
    person = request.args.get("person", type=int)
    deed = request.args.get("deed", "")
    rows = deeds(db(), staff_id=person, deed=deed, page=page, per_page=PER_PAGE)
    return render_template(
        "audit/list.html",
        rows=rows[:PER_PAGE],
        more=len(rows) > PER_PAGE,
        page=page,
        person=person,
        deed=deed,
        names=DEEDS,
        people=staff.everybody(db()),
    )


def show_access() -> ResponseReturnValue:
    """Show the table of who may see what, in words."""
    return render_template("audit/access.html", rules=RULES, scopes=SCOPES)
