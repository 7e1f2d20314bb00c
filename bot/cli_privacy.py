"""The commands of `python -m bot privacy`."""

import json
from datetime import datetime
from typing import TextIO
from zoneinfo import ZoneInfo

import click

from bot.audit import record
from bot.clock import now
from bot.db.engine import engine_at, reading, transaction
from bot.errors import UpkeepError
from bot.privacy import breach, erased
from bot.privacy.breach import CAUSES, Cause, Found, Span
from bot.privacy.processing import load_book
from bot.settings import Settings

FORMS = ("%Y-%m-%d", "%Y-%m-%dT%H:%M")


@click.group("privacy")
def privacy_group() -> None:
    """Personal data: what a breach touched, what was deleted."""


@privacy_group.command("breach")
@click.option("--from", "since", type=click.DateTime(FORMS), required=True, help="Local time.")
@click.option("--to", "until", type=click.DateTime(FORMS), required=True, help="Local time.")
@click.option("--kind", type=click.Choice([str(it) for it in Cause]), required=True)
@click.option("--login", default="", help="With --kind account; nothing: every account.")
@click.option("--address", default="", help="With --kind address: where it came from.")
@click.pass_obj
def privacy_breach(
    settings: Settings, since: datetime, until: datetime, kind: str, login: str, address: str
) -> None:
    """
    Say by the record which residents and kinds of data were touched, and what to do.

    Prints drafts of the report to the authority and of the notice to residents;
    sends nothing, shuts nothing.
    """
    zone = settings.zone
    span = Span(_there(since, zone), _there(until, zone), Cause(kind), login, address)
    with engine_at(settings.database_url) as engine:
        with reading(engine) as session:
            found = breach.find(session, span)
            for line in _lines(found, settings):
                click.echo(line)
        with transaction(engine) as session:
            record(session, deed="privacy.breach", now=now(), subject=f"cause:{kind}")


@privacy_group.command("deletions")
@click.pass_obj
def privacy_deletions(settings: Settings) -> None:
    """
    Print who had everything deleted, by number, to be kept on another machine.

    A backup from before holds them still: whoever restores it does `delete-again` with this.
    """
    with engine_at(settings.database_url) as engine, reading(engine) as session:
        for one in erased.at_their_word(session):
            click.echo(json.dumps({"resident": one.resident_id, "at": one.at.isoformat()}))


@privacy_group.command("delete-again")
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.pass_obj
def privacy_delete_again(settings: Settings, file: TextIO) -> None:
    """Delete what a restored backup brought back, by a FILE of `deletions`; safe to repeat."""
    known = [_deleted(line) for line in file if line.strip()]
    with engine_at(settings.database_url) as engine, transaction(engine) as session:
        done, left = erased.again(session, known, now=now())
    click.echo(f"{done} deleted again of {len(known)}")
    if left:
        numbers = ", ".join(map(str, left))
        msg = f"residents {numbers} have a matter that is live or held: end it, then repeat this"
        raise UpkeepError(msg)


def _deleted(line: str) -> erased.Deleted:
    try:
        said = json.loads(line)
        return erased.Deleted(int(said["resident"]), datetime.fromisoformat(said["at"]))
    except (ValueError, KeyError, TypeError):
        msg = "the file is none of `privacy deletions`"
        raise UpkeepError(msg) from None


def _there(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.replace(tzinfo=zone)


def _lines(found: Found, settings: Settings) -> list[str]:
    authority, resident = breach.drafts(found, service=settings.service.name, zone=settings.zone)
    touched = [
        f"  {it.resident.alias}  {' '.join(sorted(it.numbers))}  {'、'.join(sorted(it.kinds))}"
        f"{'  保密' if it.sealed else ''}{'  孩子' if it.child else ''}"
        f"{'  手机别人也看' if it.resident.discretion else ''}"
        for it in found.residents
    ]
    files = [f"  {name}：{rows} 行，{words}" for name, rows, words in found.exports]
    steps = [f"  {at}. {step}" for at, step in enumerate(load_book().breach.steps, 1)]
    return [
        CAUSES[found.span.cause],
        f"受影响的居民 {len(found.residents)} 人：",
        *touched,
        f"导出并取走的文件 {len(found.exports)} 个：",
        *files,
        *(f"另外看过：{kind}" for kind in found.loose),
        "要做的事：",
        *steps,
        "",
        authority,
        "",
        "给居民的话（草稿，由人按安全的办法说）：",
        resident,
    ]
