"""The bill of materials: whole by the standard's own schema, and the same bytes for the same release."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from registry.catalog.inspection import requirements
from registry.catalog.trust import sbom
from registry.catalog.trust.sbom import PROVIDED
from registry.catalog.trust.subject import Subject

LOCKED = f"""\
--require-hashes
Zeep_Client==4.2 --hash=sha256:{"a" * 64} \\
    --hash=sha256:{"b" * 64}
flask==2.0 --hash=sha256:{"c" * 64}   # older than the runtime's
"""
RELEASE = Subject(
    "lapor", "Lapor", "1.1.0", "MIT OR Apache-2.0", "Kota Bandung", "d" * 40, datetime(2026, 11, 1, 8, tzinfo=UTC),
    "e" * 64, "https://lumbung.example", "python-wsgi/1", LOCKED,
)  # fmt: skip


def bill(subject: Subject = RELEASE) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(sbom.write(subject))
    return found


def runtimes(component: dict[str, Any]) -> list[str]:
    return [one["value"] for one in component.get("properties", []) if one["name"] == PROVIDED]


@pytest.mark.parametrize("subject", [RELEASE, replace(RELEASE, locked=""), replace(RELEASE, runtime="other/9")])
def test_the_standards_schema_finds_nothing_wrong(subject: Subject) -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(sbom.write(subject)) is None


def test_one_release_has_one_bill_and_each_its_own_number() -> None:
    assert sbom.write(RELEASE) == sbom.write(replace(RELEASE))
    numbers = {bill(one)["serialNumber"] for one in (RELEASE, replace(RELEASE, sha256="f" * 64))}
    assert len(numbers) == 2 and str(sbom.NAMESPACE) not in "".join(numbers)
    assert bill()["metadata"]["timestamp"] == "2026-11-01T08:00:00+00:00"


def test_the_app_is_the_root_with_its_publisher_licence_and_checksum() -> None:
    root = bill()["metadata"]["component"]
    assert (root["name"], root["version"], root["publisher"]) == ("lapor", "1.1.0", "Kota Bandung")
    assert root["licenses"] == [{"expression": "MIT OR Apache-2.0"}]
    assert root["hashes"] == [{"alg": "SHA-256", "content": "e" * 64}]
    assert root["purl"].startswith("pkg:generic/lumbung/lapor@1.1.0?vcs_url=") and "d" * 40 in root["purl"]


def test_locked_libraries_come_with_every_checksum() -> None:
    own = {one["name"]: one for one in bill()["components"] if one["type"] == "library" and not runtimes(one)}
    assert set(own) == {"zeep-client", "flask"}
    assert own["zeep-client"]["purl"] == "pkg:pypi/zeep-client@4.2"
    hashes = own["zeep-client"]["externalReferences"][0]["hashes"]
    assert sorted(one["content"] for one in hashes) == ["a" * 64, "b" * 64]


def test_what_the_runtime_provides_is_marked_and_whole() -> None:
    lent = {one["name"]: one["version"] for one in bill()["components"] if runtimes(one) and one["type"] == "library"}
    locked = {one.name: one.version for one in requirements.pins(sbom.runtime_lock("python-wsgi/1"))}
    assert lent == {name.lower(): version for name, version in locked.items()} and "flask" in lent


def test_the_apps_own_version_of_a_library_stands_beside_the_runtimes() -> None:
    found = bill()
    flasks = [one for one in found["components"] if one["name"] == "flask"]
    assert {bool(runtimes(one)) for one in flasks} == {True, False}
    edges = {one["ref"]: one.get("dependsOn", []) for one in found["dependencies"]}
    root = found["metadata"]["component"]["bom-ref"]
    assert sorted(edges[root]) == ["pkg:pypi/flask@2.0", "pkg:pypi/zeep-client@4.2", "runtime:python-wsgi/1"]
    assert len(edges["runtime:python-wsgi/1"]) > 10
