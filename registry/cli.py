"""``lumbung``: the operator's command.

Only what is called is imported, by its name: the plugin host, the watch over the processes and a check of a bundle
need not carry the web application.
"""

from __future__ import annotations

import click

from registry.loading import named

MACHINE = {
    "up": "registry.operate.commands.machine:up_command",
    "upgrade": "registry.operate.commands.machine:upgrade_command",
    "caddyfile": "registry.operate.commands.machine:caddyfile_command",
    "host": "registry.operate.commands.host:host_command",
    "worker": "registry.operate.commands.worker:worker_command",
    "gateway": "registry.operate.commands.gateway:gateway_command",
    "doctor": "registry.operate.commands.doctor:doctor_command",
    "db": "registry.operate.commands.schema:db_group",
    "mail": "registry.operate.commands.mail:mail_group",
    "backup": "registry.operate.backup.cli:backup_command",
    "restore": "registry.operate.backup.cli:restore_command",
    "check": "registry.catalog.cli:check",
    "keys": "registry.catalog.trust.cli:keys",
    "verify": "registry.catalog.trust.cli:verify",
    "transparency": "registry.forge.signatures.cli:transparency",
}
ROOMS = {
    "publish": "registry.forge.cli:publish",
    "forge": "registry.forge.keeping.cli:forge",
    "people": "registry.tenants.people.cli:people",
    "cities": "registry.tenants.cli:cities",
    "regions": "registry.tenants.joining.cli:regions_group",
    "audit": "registry.tenants.auditing.cli:audit",
    "handovers": "registry.forge.cli_handing:handovers",
    "export": "registry.backups.export_cli:export_command",
    "import": "registry.backups.export_cli:import_command",
}
"""They work inside of the web application."""
APPLICATION = "registry.operate.application:script"


class Commands(click.Group):
    """The commands of the two tables."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return sorted([*MACHINE, *ROOMS])

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name in ROOMS:
            context.obj = context.obj or named(APPLICATION)()
            return named(ROOMS[name])
        return named(MACHINE[name]) if name in MACHINE else None


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="lumbung")
def main() -> None:
    """The registry of a city-to-city app-sharing programme."""
