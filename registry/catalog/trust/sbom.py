"""The bill of materials of a release: CycloneDX 1.6 as JSON, the same bytes for the same release.

Three kinds of parts: the app itself with the checksum of its tar.gz, the libraries it locks, and those the host's
runtime provides as of the day the bill was written, marked so: the host keeps these up to date for every app.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Iterator

from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, Property, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.bom_ref import BomRef
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.contact import OrganizationalEntity
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.utils import canonicalize_name

from registry.catalog.inspection import requirements
from registry.catalog.inspection.requirements import Pin
from registry.catalog.trust.subject import Subject
from registry.config import REPOSITORY

PROVIDED, RUNTIME = "lumbung:provided-by-runtime", "lumbung:runtime"
"""Properties: of a library, the runtime that provides it; of the app, what it runs on."""

ANY_FILE = "Each checksum is of one file of this version; any of them may be installed."
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://cyclonedx.org/docs/1.6/json/#serialNumber")


def write(subject: Subject) -> str:
    """The text of the file. Its serial number is made from its content, its timestamp is the commit's."""
    provided = runtime_lock(subject.runtime)
    bom = _bom(subject, list(requirements.pins(subject.locked)), list(requirements.pins(provided)))
    bom.serial_number = NAMESPACE
    content = JsonV1Dot6(bom).output_as_string(indent=2)
    return content.replace(str(NAMESPACE), str(uuid.uuid5(NAMESPACE, content)), 1) + "\n"


def runtime_lock(runtime: str) -> str:
    """The locked libraries of a curated runtime (``python-wsgi/1``), "" for one this Lumbung does not know."""
    path = REPOSITORY / "requirements" / f"{runtime.replace('/', '-')}.lock"
    return path.read_text() if path.is_file() else ""


def _bom(subject: Subject, own: list[Pin], provided: list[Pin]) -> Bom:
    root, base = _app(subject), _runtime(subject, provided)
    libraries = [_library(pin) for pin in own]
    lent = [_library(pin, subject.runtime) for pin in provided]
    bom = Bom(components=[base, *libraries, *lent])
    bom.metadata.timestamp = subject.when
    bom.metadata.component = root
    bom.register_dependency(root, [base, *libraries])
    bom.register_dependency(base, lent)
    return bom


def _app(subject: Subject) -> Component:
    purl = PackageURL(
        "generic", "lumbung", subject.app, subject.version, {"vcs_url": f"git+{subject.repository}@{subject.commit}"}
    )
    checksum = HashType(alg=HashAlgorithm.SHA_256, content=subject.sha256)
    archive = f"{subject.page}/releases/{subject.version}.tar.gz"
    return Component(
        type=ComponentType.APPLICATION,
        name=subject.app,
        version=subject.version,
        description=subject.name,
        bom_ref=BomRef(purl.to_string()),
        purl=purl,
        publisher=subject.publisher,
        supplier=OrganizationalEntity(name=subject.publisher, urls=[XsUri(subject.origin)]),
        licenses=[LicenseExpression(subject.licence)],
        hashes=[checksum],
        properties=[Property(name=RUNTIME, value=subject.runtime)],
        external_references=[
            ExternalReference(type=ExternalReferenceType.VCS, url=XsUri(subject.repository)),
            ExternalReference(type=ExternalReferenceType.WEBSITE, url=XsUri(subject.page)),
            ExternalReference(type=ExternalReferenceType.DISTRIBUTION, url=XsUri(archive), hashes=[checksum]),
        ],
    )


def _runtime(subject: Subject, provided: list[Pin]) -> Component:
    """Its version is that of its lock, for libraries change while its name stays."""
    name, _slash, number = subject.runtime.partition("/")
    told = "".join(f"{pin.name}=={pin.version}\n" for pin in provided)
    version = f"{number}+{hashlib.sha256(told.encode()).hexdigest()[:12]}"
    return Component(
        type=ComponentType.PLATFORM,
        name=name,
        version=version,
        bom_ref=BomRef(f"runtime:{subject.runtime}"),
        properties=[Property(name=PROVIDED, value=subject.runtime)],
    )


def _library(pin: Pin, runtime: str = "") -> Component:
    """A library may be there twice, as the app's own and as the runtime's: then its own is what the app imports."""
    name = canonicalize_name(pin.name)
    purl = PackageURL("pypi", None, name, pin.version)
    ref = f"runtime:{runtime}:{purl.to_string()}" if runtime else purl.to_string()
    files = ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION,
        url=XsUri(f"https://pypi.org/project/{name}/{pin.version}/#files"),
        comment=ANY_FILE,
        hashes=_hashes(pin.hashes),
    )
    return Component(
        type=ComponentType.LIBRARY,
        name=name,
        version=pin.version,
        bom_ref=BomRef(ref),
        purl=purl,
        external_references=[files],
        properties=list(_marked(runtime)),
    )


def _hashes(values: Iterable[str]) -> Iterator[HashType]:
    return (HashType(alg=HashAlgorithm.SHA_256, content=value) for value in values)


def _marked(runtime: str) -> Iterator[Property]:
    if runtime:
        yield Property(name=PROVIDED, value=runtime)
