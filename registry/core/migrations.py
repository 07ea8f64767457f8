"""Which migration is the newest, read from the files: whoever only asks this need not carry Alembic."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from registry.config import REPOSITORY

VERSIONS = REPOSITORY / "migrations" / "versions"
REVISION = re.compile(r"""^(down_)?revision = ["'](\w+)["']$""", re.MULTILINE)


@cache
def newest_migration(versions: Path = VERSIONS) -> str | None:
    """Of the code that runs: the one that no other follows. Read once, because anybody may ask `readyz` as often as
    they like.
    """
    found = [match.groups() for file in versions.glob("*.py") for match in REVISION.finditer(file.read_text())]
    followed = {name for down, name in found if down}
    heads = [name for down, name in found if not down and name not in followed]
    return heads[0] if len(heads) == 1 else None
