"""The commands of `python -m bot knowledge` that look after policy documents."""

from datetime import datetime
from pathlib import Path

import click

from bot import clock
from bot.db.engine import engine_at, transaction
from bot.errors import InvalidInputError
from bot.knowledge import policies
from bot.knowledge.policies import PolicyDraft
from bot.knowledge.scope import NATIONAL
from bot.people.areas import load_areas
from bot.settings import Settings

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command("import-document")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--title", required=True, help="As it is cited, without 《》.")
@click.option("--number", default="", help="Document number, such as 石政发〔2026〕3号.")
@click.option("--effective", required=True, type=_DAY, help="First day on which it holds.")
@click.option("--valid-until", type=_DAY, help="Last day on which it holds.")
@click.option("--scope", default=NATIONAL, help="`national`, or the code of an area: 530111.")
@click.option("--publish", is_flag=True, help="Offer its passages from the next message on.")
@click.pass_obj
def import_document(  # noqa: PLR0913  (its options)
    settings: Settings,
    file: Path,
    title: str,
    number: str,
    effective: datetime,
    valid_until: datetime | None,
    *,
    scope: str,
    publish: bool,
) -> None:
    """
    Import a policy document (plain text or Markdown), split into its articles.

    It stays a draft, to be read over in the console, unless it is published at once.
    """
    if scope != NATIONAL and scope not in load_areas().by_code:
        msg = f"no area has the code {scope}; codes stand in data/areas.yaml"
        raise InvalidInputError(msg)
    draft = PolicyDraft(
        title,
        policies.read_text(file.read_bytes()),
        document_number=number,
        scope=scope,
        effective_on=effective.date(),
        valid_until=valid_until.date() if valid_until else None,
    )
    now = clock.now()
    with engine_at(settings.database_url) as engine, transaction(engine) as session:
        kept = policies.import_document(session, draft, author_id=None, now=now)
        if publish:
            policies.publish(session, kept.id, staff_id=None, now=now)
        _, passages = policies.get(session, kept.id)
        click.echo(f"{kept.title}: version {kept.version}, {kept.state}, {len(passages)} passages")
        for passage in passages:
            click.echo(f"  {passage.article or '-'}  {passage.text[:30]!r}")
