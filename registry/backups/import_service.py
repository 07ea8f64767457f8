"""``lumbung import``: an archive brought in, in steps that may be repeated: what is there already stays as it is."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from registry.backups import (
    import_agreements,
    import_catalog,
    import_catalog_rows,
    import_forks,
    import_joining,
    import_plugins,
    import_records,
)
from registry.backups.export_format import Manifest
from registry.core import scope
from registry.core.db import db
from registry.core.errors import ConflictError, Finding, RefusalError
from registry.core.uow import unit_of_work
from registry.tenants.models import City


@dataclass(frozen=True)
class Imported:
    """``passwords`` are the first ones of people new here, ``jobs`` those to wait for, by plugin; ``left_out`` tells
    what of the catalog could not come, and why.
    """

    city: str
    passwords: dict[str, str]
    agreements: int
    jobs: dict[str, uuid.UUID]
    already: tuple[str, ...]
    left_out: tuple[str, ...] = ()


def check(folder: Path, manifest: Manifest) -> None:
    """Everything that would be refused, before anything is changed.

    Raises ConflictError with all findings, FormatError for what no archive of ours holds.
    """
    import_catalog_rows.check(folder)
    acts: list[tuple[str, Callable[[], object]]] = [("city", lambda: import_records.find_city(manifest))]
    for slug in manifest.forks:
        acts.append((f"forks/{slug}", partial(import_forks.check, folder, slug, manifest.city["slug"])))
    for name in manifest.plugins:
        acts.append((f"plugins/{name}", partial(import_plugins.check, folder, name, manifest.forks)))
    findings = []
    for where, act in acts:
        try:
            act()
        except RefusalError as error:
            findings.append(Finding(where, error.message))
    if findings:
        raise ConflictError("Nothing was imported.", findings)


def bring(folder: Path, manifest: Manifest) -> Imported:
    """After `check`: the session enters the city's scope."""
    with unit_of_work():
        city = import_records.find_city(manifest) or import_records.make_city(folder, manifest)
        city_id = city.id
        scope.enter_city(city_id)
        import_records.add_units(folder, city)
        passwords = import_records.add_people(folder, city)
        import_joining.add(folder, city)
        agreements = import_agreements.add(folder, city)
        import_records.note(city, manifest)
    for slug in manifest.forks:
        with unit_of_work():
            import_forks.bring(folder, db.session.get_one(City, city_id), slug)
    with unit_of_work():
        left_out = import_catalog.bring(folder, db.session.get_one(City, city_id))
    found: dict[str, uuid.UUID] = {}
    for name in manifest.plugins:
        with unit_of_work():
            job = import_plugins.bring(folder, db.session.get_one(City, city_id), name)
            if job is not None:
                found[name] = job.id
    already = tuple(name for name in manifest.plugins if name not in found)
    return Imported(manifest.city["slug"], passwords, agreements, found, already, tuple(left_out))
