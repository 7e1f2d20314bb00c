"""What the resident agreed to, as the ticket shows it; asking, and writing down what was said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from bot.people import consent
from bot.people.consent import Object, Said
from bot.people.sensitive import load_rules
from bot.people.tables import Organisation, Staff
from bot.privacy.tables import Consent, ConsentKind, Ground, How
from bot.tickets import agreeing, sharing
from bot.tickets.tables import Level, Ticket
from handlers.console.casefile_forms import back
from handlers.console.display import moment
from handlers.console.session import db
from handlers.console.tickets_doing import act, chosen, field

HOWS: Mapping[str, str] = {
    How.CHAT: "在微信里问他",
    How.MEETING: "当面说了",
    How.PHONE: "电话里说了",
    How.PAPER: "签了字",
    Ground.EMERGENCY: "危机，先救人，不等同意",
    Ground.DUTY: "依法必须报告，不等同意",
}
SAID = {How.CHAT: "微信里", How.MEETING: "当面", How.PHONE: "电话里", How.PAPER: "书面"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One line: what for, how it stands, how heavy that is (good, soon, bad), and since when."""

    what: str
    stands: str
    weight: str
    more: str = ""


def add_routes(routes: Blueprint) -> None:
    """Add the address of the form."""
    rule = "/tickets/<number>/consent"
    routes.add_url_rule(rule, "consent", save, methods=["POST"])


def save(number: str) -> ResponseReturnValue:
    """Ask in the chat, write down what was said, or go on without, with its ground."""
    it, how = _object(), chosen("how", HOWS, "请选怎么问的。")
    here = back(url_for("file.show", number=number))
    if how == How.CHAT:
        agreeing.ask(db(), number, by=act(), it=it)
        flash("问题已经发给居民，他回“同意”或“不同意”，这里会写明。")
    elif how in {Ground.EMERGENCY, Ground.DUTY}:
        why = field("reason")
        agreeing.go_without(db(), number, by=act(), it=it, ground=Ground(how), reason=why)
        flash("依据记下了，可以接着办。")
    else:
        given = chosen("given", ("yes", "no"), "请选他同意还是不同意。") == "yes"
        said = Said(How(how), field("said_by"))
        agreeing.write_down(db(), number, by=act(), it=it, given=given, said=said)
        flash("记下了。")
    return here


def side(ticket: Ticket) -> dict[str, Any]:
    """Return what the case file shows of consents."""
    rows = consent.of_ticket(db(), ticket.resident_id, ticket.id)
    names = _names(rows)
    last: dict[tuple[str, str, str], Consent] = {}
    for row in rows:  # the newest first
        last.setdefault((row.kind, row.about, row.to), row)
    shown = [_shown(row, names) for row in last.values() if row.kind != ConsentKind.NOTICE]
    return {
        "consents": [_notice(rows), *_missing(ticket, last), *shown],
        "consent_open": bool(_missing(ticket, last)),
        "consent_hows": HOWS,
        "consent_kinds": load_rules().sensitive,
        "consent_places": [
            place for place in names.values() if isinstance(place, Organisation)
            and place.id != ticket.organisation_id
        ],
    }  # fmt: skip


def _missing(ticket: Ticket, last: Mapping[tuple[str, str, str], Consent]) -> list[Shown]:
    """What should have been agreed to, and was neither granted nor refused."""
    found = []
    category = sharing.sensitive_of(db(), ticket)
    if category and (ConsentKind.SENSITIVE, category, "") not in last:
        crisis = ticket.level == Level.CRISIS
        more = "危机不等；平安以后补问。" if crisis else "同意之前，案卷里不能记。"
        found.append(Shown(f"记{load_rules().sensitive[category].name}", "还没同意", "soon", more))
    if sharing.wants_guardian(ticket) and not any(key[0] == ConsentKind.GUARDIAN for key in last):
        more = "不满14岁：只能用来保护孩子，不导出、不作参考。有危险不等。"
        found.append(Shown("监护人", "还没同意", "bad", more))
    return found


def _notice(rows: Sequence[Consent]) -> Shown:
    said = next((row for row in rows if row.kind == ConsentKind.NOTICE), None)
    if said is None:
        return Shown("我们怎么用信息（须知）", "发过，没有表示", "")
    stands = "同意" if said.given else "不同意"
    weight = "good" if said.given else "bad"
    return Shown("我们怎么用信息（须知）", stands, weight, f"{said.version} 版，{moment(said.at)}")


def _shown(row: Consent, names: Mapping[str, Organisation | Staff]) -> Shown:
    if row.ground != Ground.CONSENT:
        why = "危机" if row.ground == Ground.EMERGENCY else "依法"
        more = f"{moment(row.at)}{_by(row, names)}：{row.reason}"
        return Shown(_what(row, names), f"没有问，{why}照办", "soon", more)
    stands, weight = ("同意", "good") if row.given else ("不同意，或收回了", "bad")
    who = f"，{row.said_by}说的" if row.said_by else ""
    more = (
        f"{SAID.get(How(row.how), '')}{who}，{moment(row.at)}{_by(row, names)}，{row.version} 版"
    )
    return Shown(_what(row, names), stands, weight, more)


def _what(row: Consent, names: Mapping[str, Organisation | Staff]) -> str:
    if row.kind == ConsentKind.GUARDIAN:
        return "监护人"
    if row.kind == ConsentKind.SENSITIVE:
        known = load_rules().sensitive.get(row.about)
        return f"记{known.name if known else row.about}"
    place = names.get(row.about)
    to = place.name if place else row.to
    return f"告诉{to}{'：' if row.what else ''}{row.what}"


def _by(row: Consent, names: Mapping[str, Organisation | Staff]) -> str:
    who = names.get(f"staff:{row.by_id}")
    return f"，{who.name}记的" if who else ""


def _names(rows: Sequence[Consent]) -> dict[str, Organisation | Staff]:
    """The organisations, by `org:7`, and who wrote something down, by `staff:7`."""
    places = db().scalars(select(Organisation).order_by(Organisation.id))
    found: dict[str, Organisation | Staff] = {
        f"{sharing.ORGANISATION}{it.id}": it for it in places
    }
    people = {row.by_id for row in rows if row.by_id}
    if people:
        staff = db().scalars(select(Staff).where(Staff.id.in_(people)))
        found |= {f"staff:{it.id}": it for it in staff}
    return found


def _object() -> Object:
    """What the form asks for: guardian, sensitive:health, sharing, sharing:org:7."""
    kind, _, about = field("consent").partition(":")
    known = ConsentKind(kind) if kind in set(ConsentKind) else ConsentKind.NOTICE
    to = "" if about else field("to")
    what = field("what") if known == ConsentKind.SHARING else ""
    return Object(known, about, to if known == ConsentKind.SHARING else "", what)
