"""A revision on a copy of its data, apart from the real one: files lent, a database filled anew beside its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from registry.config import Settings
from registry.core.secrets import open_vault
from registry.host import postgres
from registry.host.holdings import DOOR, Holdings
from registry.hosting.plain import RunSpec


@contextmanager
def rehearsed(settings: Settings, holdings: Holdings, spec: RunSpec, folder: Path) -> Iterator[RunSpec]:
    """What to start: ``spec`` on the copy in ``folder``, with no way out but to the copy of its database.

    Raises StoreError when that copy cannot be read, OSError.
    """
    door = settings.outside(spec.deployment).with_name(f"{spec.deployment}.drill")
    try:
        made = holdings.drill(folder)
        outside = _only_the_database(settings, spec, door) if made else None
        known = {"DATABASE_URL": postgres.url(open_vault(settings.secrets), spec.deployment, made)} if made else {}
        holdings.lend(folder)
        yield replace(spec, data=folder, outside=outside, trial=True, variables={**spec.variables, **known})
    finally:
        holdings.take_back(folder)
        holdings.drilled()
        shutil.rmtree(door, ignore_errors=True)


def _only_the_database(settings: Settings, spec: RunSpec, folder: Path) -> Path:
    """A folder with the deployment's door to the server and none of its other sockets; a link is the socket itself."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o711, parents=True)
    os.link(settings.outside(spec.deployment) / DOOR, folder / DOOR)
    return folder
