"""The case file beside a ticket's conversation: what is to be done, and what is known."""

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from handlers.console import casefile_notes, casefile_tasks, casefile_visits, casefile_words


def make_blueprint() -> Blueprint:
    """Return the pages of case files."""
    routes = Blueprint("casefile", __name__)
    casefile_tasks.add_routes(routes)
    casefile_visits.add_routes(routes)
    casefile_notes.add_routes(routes)
    routes.record_once(_install_words)
    return routes


def _install_words(state: BlueprintSetupState) -> None:
    state.app.jinja_env.filters.update(
        task_kind=casefile_words.kind_name,
        task_icon=casefile_words.task_icon,
        task_due=casefile_words.due_words,
        not_met=casefile_words.not_met,
    )
