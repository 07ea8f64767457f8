"""A revision's row as everything that is needed to start it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from registry.config import Settings
from registry.core.secrets import Vault
from registry.host import postgres
from registry.host.database import Cursor
from registry.host.holdings import POSTGRESQL
from registry.hosting.plain import City, DeploymentPaths, Limits, Manifest, RunSpec

_SPEC = """
    select d.id as deployment, d.name, d.secret_key_sealed, d.trial_of, r.number, r.version, r.config_sealed,
           r.limits, b.code_path, b.env_path, b.manifest,
           c.code, c.slug, c.name as city_name, c.timezone, c.locale, c.color, c.logo, c.demo
      from revisions r join deployments d on d.id = r.deployment_id
      join builds b on b.id = r.build_id join cities c on c.id = d.tenant_id
     where r.id = %s"""


def read(cursor: Cursor, settings: Settings, vault: Vault, revision: int) -> RunSpec:
    """Of a revision by id. Raises SecretUnreadableError, KeyError on a broken row."""
    row = cursor.execute(_SPEC, (revision,)).fetchone()
    if row is None:
        raise KeyError(f"there is no revision {revision}")
    manifest = Manifest.from_json(row["manifest"])
    needs_server = manifest.store == POSTGRESQL
    sealed, key = row["config_sealed"], row["secret_key_sealed"]
    return RunSpec(
        deployment=row["deployment"],
        name=row["name"],
        city=_city(row, settings),
        origin=settings.plugin_origin(row["slug"], row["name"]),
        revision=row["number"],
        version=row["version"] or "",
        manifest=manifest,
        limits=Limits.from_json(row["limits"]) if row["limits"] else manifest.limits,
        code=Path(settings.data) / row["code_path"],
        environment=Path(settings.data) / row["env_path"],
        data=DeploymentPaths(settings.data, row["deployment"]).data,
        config=vault.open(sealed) if sealed else {},
        secret_key=vault.open(key) if key else "",
        variables={"DATABASE_URL": postgres.url(vault, row["deployment"])} if needs_server else {},
        outside=settings.outside(row["deployment"]) if needs_server or not row["trial_of"] else None,
        trial=row["trial_of"] is not None,
    )


def _city(row: dict[str, Any], settings: Settings) -> City:
    return City(
        code=row["code"],
        slug=row["slug"],
        name=row["city_name"],
        timezone=row["timezone"] or City.timezone,
        locale=row["locale"] or City.locale,
        color=row["color"] or "",
        logo=row["logo"] or "",
        portal=settings.portal_origin(row["slug"]),
        demo=bool(row["demo"]),
    )
