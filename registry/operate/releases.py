"""Every release a plugin of this repository ever had, found in the repository's own history.

A release V is the newest commit that touches the plugin's folder while its publiccode.yml says ``softwareVersion: V``;
the working folder is the newest release. Without a whole history (an unpacked archive, a shallow clone) it is the only
one.
"""

from __future__ import annotations

import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from registry.catalog.publiccode import yaml_text as publiccode_yaml
from registry.catalog.publiccode.file import FILE as PUBLICCODE
from registry.catalog.publiccode.yaml_text import Mapping, Scalar
from registry.catalog.rules import is_version
from registry.forge import git

MAX_COMMITS = 5_000


@dataclass(frozen=True)
class Release:
    """``commit`` is empty for what lies in the working folder."""

    version: str
    commit: str = ""


def of(root: Path, path: str) -> list[Release]:
    """The releases of the plugin at ``path`` below the repository at ``root``, oldest first."""
    newest = current(root / path)
    older = [one for one in _history(root / ".git", path) if newest is None or one.version != newest.version]
    return [*reversed(older), *([newest] if newest else [])]


def current(folder: Path) -> Release | None:
    """What the working folder would be published as."""
    try:
        version = _version((folder / PUBLICCODE).read_bytes())
    except OSError:
        return None
    return Release(version) if version else None


@contextmanager
def opened(root: Path, path: str, release: Release) -> Iterator[Path]:
    """The folder with the release's files; one that is past is gone afterwards. Raises GitError."""
    if not release.commit:
        yield root / path
        return
    with tempfile.TemporaryDirectory(prefix="lumbung-release-") as temporary:
        folder = Path(temporary) / Path(path).name
        with git.started(root / ".git", "archive", "--format=tar", f"{release.commit}:{path}") as process:
            with tarfile.open(fileobj=process.stdout, mode="r|") as tar:
                tar.extractall(folder, filter="data")
        yield folder


def _history(repository: Path, path: str) -> list[Release]:
    """Newest first, each version once; none where the history is not whole."""
    try:
        if not repository.exists() or git.line(repository, "rev-parse", "--is-shallow-repository") != "false":
            return []
        log = ("log", "--topo-order", f"--max-count={MAX_COMMITS}", "--format=%H", "HEAD", "--", path)
        commits = git.line(repository, *log).splitlines()
        versions = _versions(repository, [f"{commit}:{path}/{PUBLICCODE}" for commit in commits])
    except git.GitError:
        return []
    found: dict[str, Release] = {}
    for commit, version in zip(commits, versions, strict=True):
        if version:
            found.setdefault(version, Release(version, commit))
    return list(found.values())


def _versions(repository: Path, names: list[str]) -> list[str]:
    """What each of these files says; "" where it is not there or says nothing. Equal files are read once."""
    asked = "".join(f"{name}\n" for name in names).encode()
    told = git.run(repository, "cat-file", "--batch-check=%(objecttype) %(objectname)", stdin=asked)
    blobs = [line.removeprefix("blob ") if line.startswith("blob ") else "" for line in told.decode().splitlines()]
    read = {blob: _version(git.run(repository, "cat-file", "blob", blob)) for blob in set(blobs) if blob}
    return [read.get(blob, "") for blob in blobs]


def _version(text: bytes) -> str:
    try:
        root = publiccode_yaml.load(text)
    except publiccode_yaml.YamlProblemError:
        return ""
    node = root.items.get("softwareVersion") if isinstance(root, Mapping) else None
    return node.text if isinstance(node, Scalar) and is_version(node.text) else ""
