"""What goes with a push: the policy the hook decides by, and what follows when git has kept it."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from flask import current_app

from registry.catalog.models import App
from registry.config import REPOSITORY
from registry.core import scope
from registry.core.audit import Actor
from registry.core.db import db
from registry.core.logs import logger
from registry.core.uow import unit_of_work
from registry.forge import git, pushes, storage
from registry.forge.pushes import Change
from registry.forge.serving import words
from registry.forge.serving.packs import HOOKS
from registry.forge.serving.targets import Target
from registry.tenants.models import City


def config(most: int) -> dict[str, str]:
    """``most`` bytes are taken in. Git takes 0 for any number."""
    return {
        "core.hooksPath": str(HOOKS),
        "receive.maxInputSize": str(max(1, most)),
        "receive.unpackLimit": "50",
        "core.packedGitWindowSize": "16m",
        "core.packedGitLimit": "256m",
    }


def receipt(held: ExitStack) -> Path:
    """Where the hook writes down what was really changed."""
    return Path(held.enter_context(tempfile.NamedTemporaryFile(prefix="lumbung-push-")).name)


def variables(target: Target, receipt: Path) -> dict[str, str]:
    """What the hooks are told."""
    return {
        "LUMBUNG_PYTHON": sys.executable,
        "LUMBUNG_HOME": str(REPOSITORY),
        "LUMBUNG_POLICY": json.dumps({"policy": asdict(target.policy), "say": words.for_hook()}),
        "LUMBUNG_RECEIPT": str(receipt),
    }


def recorder(target: Target, receipt: Path, actor: Actor) -> Callable[[], None]:
    """What follows a push, in an own unit of work: the request's session is gone when the answer ends."""
    application = current_app._get_current_object()  # type: ignore[attr-defined]

    def record() -> None:
        lines = [line.split(" ", 2) for line in receipt.read_text("utf-8", "replace").splitlines()]
        changes = [Change(ref, old, new) for old, new, ref in lines]
        if not changes:
            return
        with application.app_context():
            if not target.fork:
                _feed(target.app_slug)
            scope.enter_city(target.city)
            with unit_of_work():
                city, app = db.session.get_one(City, target.city), db.session.get_one(App, target.app)
                pushes.record(target.kind, city, app, changes, actor)

    return record


def _feed(app: str) -> None:
    place = storage.here()
    try:
        storage.feed_pool(place, app, place.upstream(app))
    except git.GitError as error:
        logger.error("pool not fed; the next push or release does it", app=app, reason=str(error)[-300:])
