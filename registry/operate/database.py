"""The schema: upgraded, downgraded and compared with the models, always as the owner role."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.util import CommandError

from registry.config import REPOSITORY, Settings
from registry.loading import named


def upgrade(settings: Settings) -> None:
    command.upgrade(_config(settings), "head")


def downgrade(settings: Settings, revision: str) -> None:
    command.downgrade(_config(settings), revision)


def drift(settings: Settings) -> str | None:
    """How the models differ from the migrated tables, or None."""
    _load_models()
    try:
        command.check(_config(settings))
    except CommandError as error:
        return str(error)
    return None


def draft(settings: Settings, message: str) -> None:
    """Write a new migration from the difference between the models and the database."""
    _load_models()
    command.revision(_config(settings), message=message, autogenerate=True)


def _load_models() -> None:
    """Only who compares must know every room's: that is the whole application, which no start should wait for."""
    named("registry.app:ROOMS")


def _config(settings: Settings) -> Config:
    config = Config()
    config.set_main_option("script_location", str(REPOSITORY / "migrations"))
    config.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(slug)s")
    config.set_main_option("sqlalchemy.url", settings.owner_url.replace("%", "%%"))
    return config
