"""Files that say what an app is, held against their rules before they are committed."""

from __future__ import annotations

from flask_babel import gettext as _

from registry.catalog.inspection import manifest
from registry.catalog.publiccode import file as publiccode
from registry.core.errors import Finding, InvalidError

NEEDED = (publiccode.FILE, manifest.FILE)


def findings(path: str, content: bytes) -> list[Finding]:
    """What is wrong with the file, by line; nothing for a file that has no rules."""
    if path == publiccode.FILE:
        return publiccode.parse(content)[1]
    return manifest.parse(content)[1] if path == manifest.FILE else []


def demand(path: str, new_path: str, content: bytes | None) -> list[Finding]:
    """The warnings of a change. Raises InvalidError with findings for errors, and when a needed file would go."""
    if path in NEEDED and new_path != path:
        message = _("Every app needs %(path)s: it cannot be deleted or renamed here.", path=path)
        raise InvalidError(message, [Finding(path, message)])
    found = findings(new_path, content) if content is not None else []
    if any(one.level == "error" for one in found):
        raise InvalidError(_("%(path)s has errors; nothing was committed.", path=new_path), found)
    return found
