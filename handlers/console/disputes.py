"""The page of a ticket's dispute: parties, claim, evidence, and the dates of the law."""

from datetime import date

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.disputes.keeping import (
    SETTLED,
    USUAL_EVIDENCE,
    Evidence,
    File,
    Party,
    Told,
    file_of,
    save,
)
from bot.disputes.tables import DisputeKind, Proof, Side
from bot.errors import InvalidInputError
from bot.tickets import scope
from handlers.console.forms import beside, day, lines
from handlers.console.session import db, me
from handlers.console.tickets_doing import act, chosen, field

KINDS = {
    DisputeKind.WAGES: "拖欠工资",
    DisputeKind.LABOUR: "其他劳动纠纷（解除、社保、加班）",
    DisputeKind.INJURY: "工伤",
    DisputeKind.OTHER: "其他纠纷（土地、邻里、买卖）",
}
DATES = {
    "known_on": "知道权利受损的日子",
    "ended_on": "离职的日子",
    "accident_on": "受伤或确诊的日子",
    "interrupted_on": "最后一次讨要、或对方答应给的日子",
    "mediation_on": "申请调解的日子",
    "filed_on": "申请仲裁的日子",
    "accepted_on": "仲裁委受理的日子",
    "award_on": "收到裁决书的日子",
}
MOST_YUAN = 9


def make_blueprint() -> Blueprint:
    """Return the page."""
    routes = Blueprint("disputes", __name__)
    path = "/tickets/<number>/dispute"
    routes.add_url_rule(path, "show", show)
    routes.add_url_rule(path, "save", keep, methods=["POST"])
    return routes


def show(number: str) -> ResponseReturnValue:
    """Show what is known, and the form."""
    return _page(number, {}, {})


def keep(number: str) -> ResponseReturnValue:
    """Keep what the form says."""
    typed = request.form.to_dict()
    try:
        told = _told()
        save(db(), number, told, by=act(), tell=bool(field("tell")))
    except InvalidInputError as error:
        labels = {label: name for name, label in DATES.items()} | {"金额": "claim_yuan"}
        return make_response(_page(number, typed, beside(str(error), labels)), 400)
    flash("纠纷情况已存，期限已算好。")
    return redirect(url_for("disputes.show", number=number), 303)


def _page(number: str, typed: dict[str, str], problems: dict[str, str]) -> str:
    ticket = scope.find(db(), number, staff=me())
    found = file_of(db(), ticket)
    known = typed or _known(found)
    return render_template(
        "tickets/dispute.html",
        ticket=ticket,
        file=found,
        known=known,
        problems=problems,
        kinds=KINDS,
        dates=DATES,
        settled=SETTLED,
        usual=USUAL_EVIDENCE[_kind(known.get("kind", ""))],
    )


def _kind(said: str) -> DisputeKind:
    return DisputeKind(said) if said in list(DisputeKind) else DisputeKind.WAGES


def _known(found: File | None) -> dict[str, str]:
    if found is None:
        return {"kind": DisputeKind.WAGES}
    dispute = found.dispute
    said = {
        name: value.isoformat() if isinstance(value := getattr(dispute, name), date) else ""
        for name in DATES
    }
    said |= {"kind": dispute.kind, "claim": dispute.claim, "settled": dispute.settled}
    said["claim_yuan"] = str(dispute.claim_yuan or "")
    said["extended"] = "yes" if dispute.extended else ""
    for side in Side:
        said[f"side_{side}"] = "\n".join(
            f"{it.name}，{it.part}".rstrip("，") for it in found.parties if it.side == side
        )
    for state in Proof:
        said[f"proof_{state}"] = "\n".join(it.what for it in found.evidence if it.state == state)
    return said


def _told() -> Told:
    yuan = field("claim_yuan").replace(",", "").removesuffix("元")
    if yuan and not (yuan.isdecimal() and len(yuan) <= MOST_YUAN):
        msg = "金额请只写数字，单位是元。"
        raise InvalidInputError(msg)
    when = {name: day(field(name), label=label) for name, label in DATES.items()}
    return Told(
        kind=DisputeKind(chosen("kind", DisputeKind, "请选是哪一类纠纷。")),
        claim=field("claim"),
        claim_yuan=int(yuan) if yuan else None,
        extended=bool(field("extended")),
        settled=field("settled"),
        parties=[_party(side, line) for side in Side for line in lines(field(f"side_{side}"))],
        evidence=[
            Evidence(line, state) for state in Proof for line in lines(field(f"proof_{state}"))
        ],
        **when,
    )


def _party(side: Side, line: str) -> Party:
    name, _, part = line.replace(",", "，").partition("，")
    return Party(side, name.strip(), part.strip())
