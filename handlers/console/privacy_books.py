"""For admins: what is done with personal data, how it was weighed, and whom a breach touched."""

import io
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from bot.people import staff
from bot.privacy import breach, processing, requests, unheeded
from bot.privacy.breach import CAUSES, Cause, Span
from bot.privacy.processing import load_book
from bot.privacy.tables import RequestState
from bot.privacy.times import load_times
from bot.reports.sheet import Column, Kind, Sheet
from handlers.console.access import RULES, SCOPES
from handlers.console.display import local
from handlers.console.looking import looked
from handlers.console.reports_exports import EXCEL
from handlers.console.session import db, me, tools

ROLES = (("caseworker", "社工"), ("supervisor", "督导"), ("admin", "管理员"))
COLUMNS = (
    *(Column("哪些个人信息", width=30), Column("谁的", width=20), Column("为什么要", width=34)),
    *(Column("凭什么（个人信息保护法）", width=40), Column("敏感", width=8)),
    *(Column("留多久", width=50), Column("现在有多少条", Kind.NUMBER, 14)),
)


def make_blueprint() -> Blueprint:
    """Return the pages."""
    routes = Blueprint("privacy_books", __name__, url_prefix="/privacy/books")
    routes.add_url_rule("/", view_func=show)
    routes.add_url_rule("/deletions/<int:request_id>", view_func=second, methods=["POST"])
    routes.add_url_rule("/record", view_func=record)
    routes.add_url_rule("/record.xlsx", view_func=record_file)
    routes.add_url_rule("/assessment", view_func=assessment)
    routes.add_url_rule("/breach", view_func=breach_page, endpoint="breach")
    return routes


def show() -> ResponseReturnValue:
    """Lead to the three, and show which deletions wait for a second person."""
    return render_template(
        "privacy/books.html",
        waiting=requests.waiting_for(db(), me()),
        nobodys=unheeded.nobodys(db()),
        times=load_times(),
    )


def second(request_id: int) -> ResponseReturnValue:
    """Agree to a deletion where there are too few supervisors, or say why not."""
    granted = request.form.get("granted") == "yes"
    answer = request.form.get("answer", "")
    asked = requests.decide(
        db(), request_id, by=me(), granted=granted, answer=answer, now=tools().now()
    )
    if asked.state == RequestState.OPEN:
        flash("记下了。删了找不回来，还要另一位确认：别的管理员，或者这个机构新设的督导。")
    else:
        flash("已经删除，删了多少留有记录。" if granted else "记下了，原因会告诉居民。")
    return redirect(url_for("privacy_books.show"), 303)


def record() -> ResponseReturnValue:
    """Show the record of processing, to be printed."""
    looked("privacy.record")
    return render_template("privacy/record.html", **_book(), readers=readers())


def assessment() -> ResponseReturnValue:
    """Show the assessment, to be printed."""
    looked("privacy.assessment")
    safeguards = processing.safeguards(tools().settings)
    return render_template("privacy/assessment.html", **_book(), safeguards=safeguards)


def record_file() -> ResponseReturnValue:
    """Hand the record out as an Excel file."""
    from bot.reports import spreadsheet  # noqa: PLC0415 (see there)

    looked("privacy.record.file")
    settings, made = tools().settings, io.BytesIO()
    now = local(tools().now())
    lines = [
        (it.kind.name, it.kind.of, it.kind.purpose, it.kind.ground,
         "敏感" if it.kind.sensitive else "", it.kept, it.count)
        for it in processing.rows(db())
    ]  # fmt: skip
    about = [
        ("单位", settings.service.name),
        ("什么时候", f"{now:%Y-%m-%d %H:%M}"),
        ("版本", load_book().version),
        *((f"给谁：{it.who}", f"{it.what}。{it.why}") for it in load_book().receivers),
        *((f"谁看得到：{what}", who) for what, who in readers()),
        *((name, str(count)) for name, count in processing.figures(db())),
    ]
    spreadsheet.write(made, Sheet("处理活动记录", COLUMNS), lines, about=about, zone=settings.zone)
    made.seek(0)
    name = f"个人信息处理活动记录-{now:%Y%m%d}.xlsx"
    return send_file(made, mimetype=EXCEL, as_attachment=True, download_name=name)


def breach_page() -> ResponseReturnValue:
    """Compute from the record whom it touched, and draft what has to be said."""
    span, problem = _span()
    if span is None:
        return _breach(problem=problem)
    looked("privacy.breach", f"cause:{span.cause}", since=span.since, until=span.until)
    found = breach.find(db(), span)
    service, zone = tools().settings.service.name, tools().settings.zone
    authority, resident = breach.drafts(found, service=service, zone=zone)
    return _breach(found=found, authority=authority, resident=resident)


def readers() -> list[tuple[str, str]]:
    """Return who may read something of residents, from the table that lets them."""
    return [
        (rule.what, "；".join(
            f"{name}：{SCOPES[scope]}" for role, name in ROLES if (scope := rule.scope(role))
        ))
        for rule in RULES
        if rule.reads
    ]  # fmt: skip


def _book() -> dict[str, object]:
    return {
        "book": load_book(),
        "rows": processing.rows(db()),
        "figures": processing.figures(db()),
        "made": tools().now(),
        "service": tools().settings.service.name,
    }


def _breach(**more: object) -> str:
    return render_template(
        "privacy/breach.html",
        causes=CAUSES,
        asked=request.args,
        people=staff.everybody(db()),
        steps=load_book().breach.steps,
        **more,
    )


def _span() -> tuple[Span | None, str]:
    """What the form asks for; nothing while it was not sent or says what cannot be."""
    said = request.args
    if "from" not in said:
        return None, ""
    try:
        since, until = (_moment(said.get(name, "")) for name in ("from", "to"))
        cause = Cause(said.get("kind", ""))
    except ValueError:
        return None, "请选从什么时候到什么时候，出了什么事。"
    login, address = said.get("login", "").strip(), said.get("address", "").strip()
    if since > until:
        return None, "开始要在结束前面。"
    if cause == Cause.ADDRESS and not address:
        return None, "请写是哪个网络地址，比如 10.1.2.3；在“我的登录”里看得到。"
    return Span(since, until, cause, login, address), ""


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=tools().settings.zone)
