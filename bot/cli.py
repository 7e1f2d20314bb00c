"""The command line: `python -m bot <command>`."""

import importlib

import click

from bot.errors import YunqiaoError
from bot.logs import configure_logs
from bot.settings import load_settings

WHERE = {
    "areas": "bot.cli_areas:areas_group",
    "ask": "bot.cli_service:ask_command",
    "audit": "bot.cli_audit:audit_group",
    "backup": "bot.cli_upkeep:backup_group",
    "calendar": "bot.cli_calendar:calendar_group",
    "chores": "bot.cli_chores:chores_group",
    "copy-database": "bot.cli_upkeep:copy_command",
    "doctor": "bot.cli_service:doctor_command",
    "drill": "bot.cli_tickets:drill_group",
    "evaluate": "bot.evaluation.command:evaluate_group",
    "keys": "bot.cli_keys:keys_group",
    "knowledge": "bot.cli_knowledge:knowledge_group",
    "load-content": "bot.cli_service:load_content",
    "messages": "bot.cli_service:messages_group",
    "migrate": "bot.cli_service:migrate_command",
    "new-migration": "bot.cli_service:new_migration",
    "nlu": "bot.cli_nlu:nlu_group",
    "privacy": "bot.cli_privacy:privacy_group",
    "push-menu": "bot.cli_service:push_menu_command",
    "reload": "bot.cli_run:reload_command",
    "restore": "bot.cli_upkeep:restore_command",
    "run": "bot.cli_run:run_command",
    "simulate": "bot.cli_simulate:simulate_command",
    "tickets": "bot.cli_tickets:tickets_group",
    "up": "bot.cli_run:up_command",
    "worker": "bot.cli_worker:worker_command",
}
"""Each command is imported when it is asked for: `up` and `worker` stay, and need little of it."""


class Commands(click.Group):
    """Shows our own errors as one plain line each."""

    def invoke(self, context: click.Context) -> object:
        """Run the command; a wrong setting is not a stack trace."""
        try:
            return super().invoke(context)
        except YunqiaoError as error:
            raise click.ClickException(str(error)) from None


class _All(Commands):
    """Every command there is."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Return their names."""
        del context
        return sorted(WHERE)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Import and return a command."""
        del context
        if name not in WHERE:
            return None
        module, _, attribute = WHERE[name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command


@click.group(cls=_All)
@click.pass_context
def main(context: click.Context) -> None:
    """Yunqiao 云桥: run and look after the service."""
    configure_logs(context.invoked_subcommand or "bot")
    if context.invoked_subcommand != "keys":  # which makes what the settings lack
        context.obj = load_settings()
