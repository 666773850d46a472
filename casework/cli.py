"""The console script `casework`: gathers the commands, and loads each when it is asked for."""

from importlib import import_module

import click

COMMANDS = {
    "serve": "casework.commands.serve:serve_command",
    "demo": "casework.commands.demo:demo_command",
    "lookup": "casework.commands.directory:lookup_command",
    "directory": "casework.commands.directory:directory_group",
    "deadline": "casework.commands.deadline:deadline_command",
    "letter": "casework.commands.letter:letter_command",
    "letters": "casework.commands.letter:letters_command",
    "batch": "casework.commands.batch:batch_command",
    "work": "casework.commands.work:work_command",
    "digest": "casework.commands.digest:digest_command",
    "rules": "casework.commands.rules:rules_group",
    "group": "casework.commands.group:group_group",
    "audit": "casework.commands.audit:audit_group",
    "case": "casework.commands.case:case_group",
    "backup": "casework.commands.backup:backup_command",
    "restore": "casework.commands.backup:restore_command",
    "move": "casework.commands.move:move_command",
    "user": "casework.commands.user:user_group",
    "lock": "casework.commands.lock:lock_command",
    "unlock": "casework.commands.lock:unlock_command",
    "key": "casework.commands.key:key_group",
    "archive": "casework.commands.archive:archive_group",
    "search": "casework.commands.search:search_group",
    "dictionary": "casework.commands.dictionary:dictionary_command",
    "words": "casework.commands.words:words_command",
    "doctor": "casework.commands.doctor:doctor_command",
}


class LazyGroup(click.Group):
    """Commands by name. A look-up of a postcode need not wait for the web server to load."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(cls=LazyGroup)
@click.version_option(package_name="casework")
def main() -> None:
    """Casework: the toolkit with which a support group fights one person's deportation."""


if __name__ == "__main__":
    main()
