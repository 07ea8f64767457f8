"""A release as its bill of materials tells it: known without the libraries that write one (`sbom`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Subject:
    """A release as its bill tells it. ``sha256`` (hex) is of the tar.gz, ``when`` the commit's moment, ``locked`` the
    text of requirements.txt, ``origin`` the registry's own, without a slash at its end.
    """

    app: str
    name: str
    version: str
    licence: str
    publisher: str
    commit: str
    when: datetime
    sha256: str
    origin: str
    runtime: str
    locked: str = ""

    @property
    def page(self) -> str:
        return f"{self.origin}/apps/{self.app}"

    @property
    def repository(self) -> str:
        return f"{self.origin}/git/{self.app}.git"
