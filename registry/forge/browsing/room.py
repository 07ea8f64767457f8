"""Adds the pages of repositories to the forge's room."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app
from flask_babel import gettext as _

from registry.core.errors import UnavailableError
from registry.core.logs import logger
from registry.forge import git
from registry.forge.browsing import (  # noqa: F401 registering
    api,
    jobs,
    rules,
    views_edit,
    views_files,
    views_history,
    views_pictures,
    views_releases,
    visible,
)
from registry.forge.views import blueprint as pages


def init_app(app: Flask) -> None:
    app.jinja_env.tests["readable"] = rules.is_readable_path
    app.jinja_env.filters.update(visible=visible.visible, visible_in=visible.visible_in, file_name=visible.name)


@pages.errorhandler(git.GitError)
@api.blueprint.errorhandler(git.GitError)
def unread(error: git.GitError) -> Any:
    """Git gave up on a repository, or took too long: a stranger's commit can do that, and the log has the reason."""
    logger.error("repository not read", reason=str(error)[-300:])
    message = _("Git could not read this part of the repository. Try another version, or clone the repository.")
    return current_app.handle_user_exception(UnavailableError(message))
