"""The commands that rooms bring to ``lumbung``."""

from registry.accounts import cli as accounts
from registry.backups import export_cli as exports
from registry.catalog import cli as catalog
from registry.forge import cli as forge
from registry.operate.backup import cli as backup
from registry.tenants import cli as tenants

ROOMS = (*catalog.commands, *forge.commands, *accounts.commands, *tenants.commands, *exports.commands, *backup.commands)
