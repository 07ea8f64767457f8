"""One archive of everything a city owns, put together part by part.

A plugin whose data cannot be copied is named in the manifest and stops no other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from shlex import quote
from typing import Any

from flask import current_app

from registry.backups import (
    asking,
    export_agreements,
    export_assistance,
    export_catalog,
    export_handovers,
    export_joining,
    export_records,
    folders,
)
from registry.backups.export_format import Manifest
from registry.backups.export_packing import Packer, packing
from registry.config import Settings
from registry.core.clock import now, today
from registry.core.db import db
from registry.core.errors import RefusalError
from registry.forge import git, storage
from registry.forge.models import Fork
from registry.forge.trees import export_tree
from registry.hosting import building, reading
from registry.hosting.models import Deployment, Revision
from registry.hosting.plain import DeploymentPaths
from registry.tenants.models import City

BUNDLE_SECONDS = 1_800
RUN = "export/run.sh"
READMES = {"BACA-SAYA.md": "export/readme_id.md", "README.md": "export/readme_en.md"}

Tell = Callable[[str, int], None]
"""Called with the step (a stable code) and percent."""


def write(city: City, target: Path, job: str, with_secrets: bool, tell: Tell) -> Manifest:
    """``job`` names the folder through which copies of data pass. Raises UnavailableError without a plugin host."""
    asking.require_host()
    city_id, slug = city.id, city.slug
    with packing(target, f"lumbung-{slug}") as packer:
        tell("building", 5)
        _records(packer, city)
        export_catalog.pack(packer, city, with_secrets)
        export_handovers.pack(packer, city)
        export_assistance.pack(packer, city)
        forks = [_fork(packer, city, fork) for fork in export_records.forks(city)]
        numbers = [one.id for one in export_records.deployments(city)]
        plugins = []
        for place, number in enumerate(numbers):
            tell("copying", 10 + 85 * place // len(numbers))
            plugins += _plugin(packer, city_id, number, job, with_secrets)
        shared(packer, db.session.get_one(City, city_id), plugins)
        told = {key: str(getattr(city, key)) for key in ("code", "slug", "name")}
        manifest = Manifest(
            told, now().isoformat(timespec="seconds"), version("lumbung"), with_secrets, tuple(forks), tuple(plugins),
            tuple(packer.left_out), tuple(packer.files), dict(packer.links),
        )  # fmt: skip
        packer.finish(manifest)
    return manifest


def _records(packer: Packer, city: City) -> None:
    packer.json("city.json", export_records.city_facts(city))
    packer.json("units.json", export_records.units(city))
    packer.json("unit_parents.json", export_records.unit_parents(city))
    packer.table("people", export_records.people(city), export_records.PEOPLE)
    export_joining.pack(packer, city)
    export_agreements.pack(packer, city)
    packer.table("audit", export_records.audit_log(city), export_records.AUDIT)


def _fork(packer: Packer, city: City, fork: Fork) -> str:
    """Every branch and tag of the fork as a git bundle: ``git clone repository.bundle`` needs nothing else."""
    slug = fork.app.slug
    packer.json(f"forks/{slug}/fork.json", export_records.fork_facts(fork))
    packer.json(f"forks/{slug}/catalog.json", export_records.catalog_facts(fork.app))
    place = storage.here()
    with place.scratch() as scratch:
        bundle = scratch / "repository.bundle"
        words = ("bundle", "create", "--quiet", str(bundle), "HEAD", "--all")
        git.run(place.fork(city.slug, slug), *words, seconds=BUNDLE_SECONDS)
        packer.file(f"forks/{slug}/repository.bundle", bundle)
    return slug


def _plugin(packer: Packer, city_id: int, number: int, job: str, with_secrets: bool) -> list[str]:
    deployment = db.session.get_one(Deployment, number)
    name = deployment.name
    try:
        revision = _data(packer, deployment, job)
    except (RefusalError, OSError) as error:
        packer.left_out.append(f"plugins/{name}: {getattr(error, 'message', error)}")
        revision = reading.serving(db.session.get_one(Deployment, number))
    if revision is None:
        return []
    city, deployment = db.session.get_one(City, city_id), db.session.get_one(Deployment, number)
    config, secret = export_records.config(revision, with_secrets)
    facts = export_records.plugin_facts(deployment, revision)
    packer.json(f"plugins/{name}/plugin.json", {**facts, "settings_left_out": secret})
    packer.json(f"plugins/{name}/config.json", config)
    _code(packer, city, deployment, revision)
    log = DeploymentPaths(reading.settings().data, number).plugin_log.parent
    if log.is_dir():
        packer.folder(f"plugins/{name}/log", log)
    packer.text(f"plugins/{name}/run.sh", script(city, facts), mode=0o755)
    return [name]


def _data(packer: Packer, deployment: Deployment, job: str) -> Revision | None:
    """The data, and the revision it belongs to."""
    if deployment.serving_revision_id is None:
        return None
    name, way = deployment.name, folders.out(reading.settings(), deployment.id, job)
    try:
        revision_id = asking.copied(deployment, way)
        packer.folder(f"plugins/{name}/data", way.folder / folders.DATA)
        if folders.DUMP in way.names:
            packer.file(f"plugins/{name}/{folders.DUMP}", way.folder / folders.DUMP)
    finally:
        way.drop()
    return db.session.get_one(Revision, revision_id)


def _code(packer: Packer, city: City, deployment: Deployment, revision: Revision) -> None:
    """The very tree that serves, as plain files."""
    repository = reading.repository_of(city, reading.app_of(deployment))
    with storage.here().scratch() as scratch:
        export_tree(repository, revision.build.tree, scratch / "code")
        packer.folder(f"plugins/{deployment.name}/code", scratch / "code")


def shared(packer: Packer, city: City, plugins: list[str]) -> None:
    """What every plugin's runtime brings, and how to run one without any of us."""
    for runtime, lock in building.RUNTIMES.items():
        packer.file(f"runtime/{runtime.replace('/', '-')}.txt", lock)
    for path in sorted(building.SDK.rglob("*")):
        if path.is_file() and not _is_made(path.relative_to(building.SDK)):
            packer.file(f"runtime/sdk/{path.relative_to(building.SDK)}", path)
    for name, template in READMES.items():
        packer.text(name, _rendered(template, city=city, plugins=plugins, made_at=today()))


def _is_made(path: Path) -> bool:
    """Not source: tests, caches, what a build left."""
    return any(part in ("build", "tests", "__pycache__") or part.endswith(".egg-info") for part in path.parts)


def script(city: City, facts: Mapping[str, Any]) -> str:
    """What runs one plugin of the archive; ``facts`` as `export_records.plugin_facts` tells them."""
    return _rendered(RUN, city=city, plugin=facts, quoted=quote)


def _rendered(template: str, **words: object) -> str:
    """Plain text: none of what pages of the registry know."""
    return current_app.jinja_env.get_template(template).render(**words) + "\n"


def folder(settings: Settings, city_id: int) -> Path:
    """Where a city's archives wait to be fetched."""
    return settings.data / "exports" / str(city_id)
