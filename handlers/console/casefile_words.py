"""How tasks, visits and the rest of a case file are put into words."""

from datetime import timedelta

from bot.casefile.agenda import Due
from bot.casefile.tables import TaskKind, TaskState
from bot.casefile.tasks import KIND_NAMES, NOT_MET
from handlers.console.display import local, moment
from handlers.console.session import tools

HAPPENED = {
    "task_planned": "安排了一件事",
    "task_done": "办完一件安排的事",
    "task_tried": "试过没成，再约了时间",
    "task_moved": "改了安排的时间",
    "task_handed_on": "要做的人不在，交给别人",
    "task_missed": "安排的事到时间没办成",
    "task_dropped": "取消了一件安排的事",
    "visit_written": "写了走访记录",
    "handover": "写了交接",
    "handover_read": "看过交接",
    "checked": "清单打勾",
    "unchecked": "清单去掉勾",
    "check_added": "清单加了一条",
    "file_added": "传了附件",
    "file_removed": "移走了附件",
    "file_restored": "放回了附件",
    "person_added": "记下一个人",
    "person_recognised": "认出登记过的人",
    "person_about": "记下是谁的事",
    "person_not_about": "改了是谁的事",
    "printed": "打印了对话",
    "visit_escalated": "没上门，报督导",
}
ICONS = {TaskKind.PHONE: "telephone", TaskKind.VISIT: "house-door", TaskKind.TODO: "check2-square"}
WEEKDAYS = "一二三四五六日"


def kind_name(kind: str) -> str:
    """Write what kind of task it is."""
    return KIND_NAMES[TaskKind(kind)]


def not_met(kind: str) -> str:
    """Write that a task of this kind was tried in vain."""
    return NOT_MET[TaskKind(kind)]


def task_icon(kind: str) -> str:
    """Name the icon of a kind of task."""
    return ICONS[TaskKind(kind)]


def due_words(due: Due) -> tuple[str, str]:
    """Write when a task is due, or what became of it, with its weight."""
    task, now = due.task, tools().now()
    if task.state == TaskState.DONE:
        return f"{moment(task.done_at)} 办完", "good"
    if task.state == TaskState.DROPPED:
        return "取消了", ""
    at, today = local(task.due_at), local(now).date()
    days = (at.date() - today).days
    named = {-1: "昨天", 0: "今天", 1: "明天", 2: "后天"}.get(days)
    day = named or f"{at.month}月{at.day}日 周{WEEKDAYS[at.weekday()]}"
    text = f"{day} {at:%H:%M}"
    if task.state == TaskState.MISSED:
        return f"{text} {NOT_MET[TaskKind(task.kind)] if task.outcome else '没办'}", "bad"
    if task.due_at < now:
        return f"{text} 过了时间", "bad"
    return text, "soon" if task.due_at - now < timedelta(hours=2) else ""
