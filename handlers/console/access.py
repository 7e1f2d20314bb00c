"""
Who may call what in the console, as one table; what is not in it is refused to everybody.

A scope says whose things a route shows or changes; bot/tickets/scope.py turns the
scopes of tickets into conditions of every query.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.people.tables import Role


class Scope(StrEnum):
    """Whose things somebody reaches by a route."""

    SELF = "self"
    CASES = "cases"
    LIST = "list"
    HOUSE = "house"
    ALL = "all"


SCOPES: Mapping[Scope | None, str] = {
    None: "不能",
    Scope.SELF: "只有自己的",
    Scope.CASES: "分给自己的，和等人接的普通工单",
    Scope.LIST: "分给自己的和等人接的；本队同事的普通工单只有一行，没有内容",
    Scope.HOUSE: "本机构的，和不属于哪个机构的（自己没有设机构：全部）",
    Scope.ALL: "全部",
}
SELF, CASES, LIST, HOUSE, ALL = Scope


@dataclass(frozen=True, slots=True)
class Rule:
    """Routes that the same people may call for the same things."""

    what: str
    """In words of staff."""
    names: str
    """The endpoints, with blanks between."""
    caseworker: Scope | None = None
    supervisor: Scope | None = None
    admin: Scope | None = None
    reads: bool = False
    """Whether it can show what residents or caseworkers wrote in a ticket."""
    strong: bool = False
    """Whether it takes data away, so that a second factor is asked for (proving.py)."""
    public: bool = False
    """Whether it needs no login."""

    @property
    def endpoints(self) -> list[str]:
        """The endpoints one by one."""
        return self.names.split()

    def scope(self, role: str) -> Scope | None:
        """Return what somebody of the role reaches; None: they may not call it."""
        of = {
            Role.CASEWORKER: self.caseworker,
            Role.SUPERVISOR: self.supervisor,
            Role.ADMIN: self.admin,
        }
        return of.get(Role(role))


RULES = (
    Rule("登录页、样式、健康检查",
         "auth.sign_in auth.second static bootstrap.static assets.htmx health.healthy",
         public=True),
    Rule("自己的账号、密码、上下班，帮助",
         "home auth.sign_out auth.present auth.signed_in account.show account.help_page"
         " account.password account.duty account.end_logins account.end_login", SELF, SELF, SELF),
    Rule("自己的两步验证",
         "second.show second.start second.picture second.confirm second.codes second.remove"
         " second.prove", SELF, SELF, SELF),
    Rule("自己的提醒，提醒方式，绑定微信",
         "notices.show notices.live notices.ring notices.mark_seen notices.send_test notices.ways"
         " notices.save_ways notices.wechat notices.wechat_code notices.wechat_start"
         " notices.wechat_state notices.wechat_confirm notices.wechat_unbind", SELF, SELF, SELF),
    Rule("看知识库、政策文件和危急规则，试问一句",
         "knowledge.list_entries knowledge.show knowledge.try_out policies.list_documents"
         " policies.show knowledge_dangers.show", ALL, ALL, ALL),
    Rule("改知识库和政策文件",
         "knowledge_edit.add knowledge_edit.edit knowledge_edit.add_variant"
         " knowledge_edit.publish knowledge_edit.withdraw policies.add policies.upload"
         " policies.upload_live policies.publish"
         " policies.withdraw", None, None, ALL),
    Rule("居民怎么问：遮去号码看问过的话，认出哪一条能答，收下问法（保密工单的居民不在内）",
         "knowledge_asked.show knowledge_asked.choose knowledge_asked.judge",
         None, HOUSE, None, reads=True),
    Rule("收下的问法：去掉了号码和姓名，看不出是谁问的",
         "knowledge_asked.kept knowledge_asked.drop", None, ALL, ALL),
    Rule("工单列表、搜索、数目", "tickets.mine tickets.live", LIST, HOUSE, None, reads=True),
    Rule("一件工单：对话、图片语音、详情，机器的建议",
         "tickets.show tickets.media tickets.preview tickets.sent tickets.seen tickets.here"
         " tickets.left tickets.typing tickets.compose file.show file.fetch file.help"
         " file.choose file.print_out casefile.mentionable casefile.task disputes.show",
         CASES, HOUSE, None, reads=True),
    Rule("办工单：回复、备注、改期、办结、合并",
         "tickets.reply tickets.note tickets.wait tickets.resolve tickets.close"
         " tickets.reopen tickets.hand_back tickets.extend tickets.level tickets.partner"
         " tickets.partner_answered tickets.contact tickets.call_back tickets.merge"
         " tickets.unmerge tickets.split tickets.link tickets.unlink tickets.again"
         " tickets.use_last tickets.withdraw tickets.notice tickets.call tickets.keep_draft"
         " disputes.save", CASES, HOUSE, None, reads=True),
    Rule("接手、转交",
         "tickets.accept tickets.assign", CASES, HOUSE, None),
    Rule("督办、结束督办，批延期、办结和解除危机（不能批自己的）",
         "tickets.supervise tickets.end_supervision tickets.decide", CASES, HOUSE, None,
         reads=True),
    Rule("保密工单的封面：没有内容", "tickets.sealed", CASES, HOUSE, None),
    Rule("写明原因，限时打开保密工单", "tickets.unseal", None, HOUSE, None),
    Rule("案卷：附件、清单、当事人、家庭",
         "file.attach file.remove file.restore file.add file.tick file.record"
         " file.recognise file.about file.household file.household_leave file.household_phone"
         " file.household_tie file.household_untie", CASES, HOUSE, None, reads=True),
    Rule("同意：问居民、记下同意、依法不等", "file.consent", CASES, HOUSE, None, reads=True),
    Rule("待办、走访、交接、提到我的备注",
         "casefile.tasks casefile.plan casefile.done casefile.drop casefile.move"
         " casefile.report casefile.settle casefile.tried casefile.mentions casefile.handover"
         " casefile.leave_word casefile.read", CASES, HOUSE, None, reads=True),
    Rule("自己的草稿和存下的列表",
         "tickets.drafts tickets.drop_draft tickets.save_list tickets.drop_list",
         SELF, SELF, None, reads=True),
    Rule("常用语", "phrases.list_phrases phrases.new phrases.edit phrases.drop",
         SELF, ALL, None),
    Rule("督导台", "supervise.show supervise.live", None, HOUSE, None, reads=True),
    Rule("谁看过、办过这件工单", "audit.of_ticket", None, HOUSE, None),
    Rule("批量办理",
         "supervise_bulk.choose supervise_bulk.preview supervise_bulk.do supervise_bulk.result"
         " supervise_bulk.undo", None, HOUSE, None),
    Rule("报表", "reports.show reports.equal", None, HOUSE, None),
    Rule("全部机构的周报（几个机构中一个的督导没有）",
         "reports_weekly.list_reports reports_weekly.show", None, ALL, None),
    Rule("导出工单（保密工单不在内），下载自己的文件",
         "reports_exports.show reports_exports.ask reports_exports.fetch",
         CASES, HOUSE, None, reads=True, strong=True),
    Rule("看自己的导出文件生成好没有", "reports_exports.live", SELF, SELF, None),
    Rule("没送到的消息，再发一次（管理员看不到内容和居民）",
         "outbox.list_messages outbox.again", None, HOUSE, ALL, reads=True),
    Rule("危机演练：看、应答", "drills.show drills.here", ALL, ALL, None),
    Rule("居民要改、要删的个人信息，依法保留",
         "privacy.show privacy.decide privacy.hold privacy.lift", None, HOUSE, None, reads=True,
         strong=True),
    Rule("开始危机演练", "drills.start", None, ALL, None),
    Rule("个人信息：处理记录、影响评估、泄露时查谁受影响（有代号和编号，没有内容）",
         "privacy_books.show privacy_books.record privacy_books.record_file"
         " privacy_books.assessment privacy_books.breach", None, None, ALL, strong=True),
    Rule("同意或确认删除居民的信息，只在那里没有（别的）督导时（没有内容）",
         "privacy_books.second", None, None, ALL, strong=True),
    Rule("看值班表", "staff_roster.show", ALL, ALL, ALL),
    Rule("排值班表", "staff_roster.add staff_roster.copy staff_roster.remove",
         None, HOUSE, ALL),
    Rule("请假", "staff_leave.show staff_leave.ask staff_leave.end", SELF, HOUSE, ALL),
    Rule("销假后要回自己的工单", "staff_leave.take_back", SELF, SELF, None),
    Rule("人员名单", "staff.list_staff", None, ALL, ALL),
    Rule("改别人的上下班", "staff.set_duty", None, HOUSE, ALL),
    Rule("工作安排：机构、队、保密资格、上限（不能改自己的）", "staff_placement.edit",
         None, HOUSE, ALL),
    Rule("账号：新增、改角色、停用、重设密码",
         "staff.add staff.edit staff.reset staff.reset_second staff.set_active", None, None, ALL),
    Rule("二维码和海报",
         "staff_codes.list_codes staff_codes.make staff_codes.again staff_codes.set_active"
         " staff_codes.pdf staff_codes.png", None, ALL, ALL),
    Rule("机构、队、上班时间",
         "staff_organisations.list_organisations staff_organisations.add"
         " staff_organisations.edit staff_organisations.add_team"
         " staff_organisations.general_hours", None, None, ALL),
    Rule("日历和放假安排",
         "calendar.show calendar.put_day calendar.remove_day calendar.load_list"
         " calendar.drop_list", None, None, ALL),
    Rule("操作记录，谁能看什么", "audit.list_events audit.show_access", None, None, ALL),
)  # fmt: skip
TABLE: dict[str, Rule] = {name: rule for rule in RULES for name in rule.endpoints}


def is_public(endpoint: str | None) -> bool:
    """Say whether the route needs no login."""
    return endpoint in TABLE and TABLE[endpoint].public


def may_call(endpoint: str | None, role: str) -> bool:
    """Say whether somebody of the role may call the route at all; not in the table: nobody."""
    return endpoint in TABLE and TABLE[endpoint].scope(role) is not None
