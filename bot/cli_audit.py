"""The commands of `python -m bot audit`."""

import re
import sys

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.audit import chain
from bot.db.engine import engine_at, one_moment, reading, transaction
from bot.errors import InvalidInputError
from bot.settings import Settings

HEAD = re.compile(r"(\d{1,18}):([0-9a-f]{64})")


@click.group("audit")
def audit_group() -> None:
    """The record of who did and saw what."""


@audit_group.command("head")
@click.pass_obj
def audit_head(settings: Settings) -> None:
    """Chain what waits and print the end of the chain, to be kept on another machine."""
    with engine_at(settings.database_url) as engine:
        while _take_up(engine):
            pass
        with reading(engine) as session:
            click.echo(str(chain.head(session)))


@audit_group.command("verify")
@click.option("--head", "heads", multiple=True, help="A head kept from `audit head`; repeatable.")
@click.pass_obj
def audit_verify(settings: Settings, *, heads: tuple[str, ...]) -> None:
    """
    Compute the chain anew and name the first row that does not hold.

    Ends with status 1 where one does not.  Without a kept head it cannot see that
    the end was cut off, or that all of it was computed anew.
    """
    kept = dict(_head(text) for text in heads)
    with engine_at(settings.database_url) as engine, one_moment(engine) as moment:
        verdict = chain.verify(Session(moment), kept=kept)
    click.echo(f"audit: {verdict.head.place} rows hold, head {verdict.head}")
    if verdict.waiting:
        click.echo(
            f"audit: {verdict.waiting} rows wait to be chained since {verdict.waiting_since}"
        )
    if verdict.broken:
        row = f", audit_event {verdict.broken.row_id}" if verdict.broken.row_id else ""
        click.echo(f"audit: BROKEN at place {verdict.broken.place}{row}: {verdict.broken.why}")
    sys.exit(verdict.broken is not None)


def _take_up(engine: Engine) -> bool:
    """Chain one batch; whether more waits."""
    with transaction(engine) as session:
        chain.take_up(session)
        return chain.waiting(session)


def _head(text: str) -> tuple[int, str]:
    found = HEAD.fullmatch(text.strip())
    if found is None:
        msg = f"{text}: not a head; `audit head` prints PLACE:HASH"
        raise InvalidInputError(msg)
    return int(found[1]), found[2]
