"""What staff do about consents: ask in the chat, write down what was said, go on without."""

from sqlalchemy.orm import Session

from bot import wording_personal
from bot.errors import InvalidInputError
from bot.people import consent
from bot.people.consent import Object, Said
from bot.people.sensitive import child_writes, load_rules
from bot.people.tables import Organisation
from bot.privacy.tables import ConsentKind, Ground, How
from bot.tickets import sharing
from bot.tickets.acting import Act, required, send, take_up
from bot.tickets.change import note_event
from bot.tickets.tables import Level, Ticket


def ask(session: Session, number: str, *, by: Act, it: Object) -> Ticket:
    """Ask the resident in the chat, in plain words; they answer 同意 or 不同意."""
    ticket = take_up(session, number, "note", by)
    it = _of(ticket, it)
    words = _question(session, ticket, it, by)
    question = consent.ask(
        session, ticket.resident_id, it, version=load_rules().version, now=by.now,
        by_id=by.staff.id,
    )  # fmt: skip
    send(session, ticket, by, words, once=f"consent:{question.id}")
    note_event(
        session, ticket, "consent_asked", now=by.now, staff=by.staff, text=_named(session, it),
        consent=str(it.kind),
    )  # fmt: skip
    return ticket


def write_down(
    session: Session, number: str, *, by: Act, it: Object, given: bool, said: Said
) -> Ticket:
    """
    Write down what somebody said by telephone, face to face or on paper, and who it was.

    Raises:
        InvalidInputError: it is not said who, or the recipient is missing.
    """
    ticket = take_up(session, number, "note", by)
    it = _of(ticket, it)
    if said.how not in {How.PHONE, How.MEETING, How.PAPER}:
        msg = "请选他是怎么说的。"
        raise InvalidInputError(msg)
    said_by = required(said.by, "请写是谁说的，比如“本人”“孩子的奶奶”。")
    consent.write(
        session, ticket.resident_id, it, version=load_rules().version, given=given, now=by.now,
        said=Said(said.how, said_by, by.staff.id),
    )  # fmt: skip
    note_event(
        session, ticket, "consent", now=by.now, staff=by.staff, text=_named(session, it),
        consent=str(it.kind), given=given, how=str(said.how),
    )  # fmt: skip
    return ticket


def go_without(
    session: Session, number: str, *, by: Act, it: Object, ground: Ground, reason: str
) -> Ticket:
    """
    Go on without a yes: in a crisis, or where the law demands it, which needs a reason.

    Raises:
        InvalidInputError: it is no crisis, or no reason is given.
    """
    ticket = take_up(session, number, "note", by)
    it = _of(ticket, it)
    if ground == Ground.EMERGENCY and ticket.level != Level.CRISIS:
        msg = "现在不是危机，要先问居民。法律规定必须报告的，选“依法必须”，写明依据。"
        raise InvalidInputError(msg)
    if ground == Ground.CONSENT:
        msg = "请选凭什么可以不问。"
        raise InvalidInputError(msg)
    why = required(reason, "请写明依据，比如“未成年人保护法第十一条，报给派出所”。")
    said = Said(How.NOT_ASKED, "", by.staff.id, ground, why)
    sharing.without(session, ticket, it, said, now=by.now)
    note_event(
        session, ticket, "consent_without", now=by.now, staff=by.staff,
        text=f"{_named(session, it)}：{why}", consent=str(it.kind), ground=str(ground),
    )  # fmt: skip
    return ticket


def _of(ticket: Ticket, it: Object) -> Object:
    """Return it as one of this ticket, its recipient named."""
    if it.kind == ConsentKind.NOTICE:
        msg = "请选要问的是哪一样。"
        raise InvalidInputError(msg)
    if it.kind == ConsentKind.SHARING and not it.about:
        required(it.to, "请写给哪个单位。")
    if it.kind == ConsentKind.SENSITIVE and it.about not in load_rules().sensitive:
        msg = "请选是哪一类私密的事。"
        raise InvalidInputError(msg)
    return Object(it.kind, it.about, it.to.strip(), it.what.strip(), ticket.id)


def _named(session: Session, it: Object) -> str:
    if it.kind == ConsentKind.SENSITIVE:
        return load_rules().sensitive[it.about].name
    if it.kind == ConsentKind.GUARDIAN:
        return "监护人"
    what = f"，{it.what}" if it.what else ""
    return f"告诉{_recipient(session, it)}{what}"


def _recipient(session: Session, it: Object) -> str:
    if not it.about:
        return it.to
    place = session.get(Organisation, int(it.about.removeprefix(sharing.ORGANISATION)))
    return place.name if place else it.to


def _question(session: Session, ticket: Ticket, it: Object, by: Act) -> str:
    if it.kind == ConsentKind.SENSITIVE:
        says = load_rules().sensitive[it.about].says
        return wording_personal.SENSITIVE_ASK.format(says=says)
    if it.kind == ConsentKind.GUARDIAN:
        child = child_writes(ticket.summary)
        return wording_personal.GUARDIAN_ASK_CHILD if child else wording_personal.GUARDIAN_ASK
    what = required(it.what, "请写要告诉他们什么，居民看得到。")
    return wording_personal.SHARING_ASK.format(
        name=by.staff.name, number=ticket.number, to=_recipient(session, it), what=what
    )
