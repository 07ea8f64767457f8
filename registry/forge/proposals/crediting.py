"""A release's notes name what cities gave since the one before: written below its own part of the change log."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from registry.catalog.inspection.inspect import Inspection
from registry.catalog.models import App, Release
from registry.catalog.rules import HEADING, changes_of
from registry.core.db import db
from registry.core.logs import logger
from registry.forge import git, storage
from registry.forge.proposals import reading, rules
from registry.forge.proposals.models import Proposal

MAX_NAMED, MAX_COMMITS = 100, 50_000
_MARKUP = re.compile(r"([\\`*_\[\]<>&|~])")


def credited(inspection: Inspection, app: App | None, version: str, commit: str) -> Inspection:
    """The inspection of what becomes a release at ``commit``, its change log naming the proposals that come with it."""
    given = new_in(app, commit) if app is not None else []
    if app is None or not given:
        return inspection
    return replace(inspection, changelog=with_given(inspection.changelog, version, lines(app, given)))


def new_in(app: App, commit: str) -> list[Proposal]:
    """Merged proposals whose commit is in the history of ``commit`` and in that of no release, as they were merged."""
    merged = select(Proposal).where(Proposal.app_id == app.id, Proposal.state == rules.MERGED)
    found = list(db.session.scalars(merged.order_by(Proposal.decided_at.desc()).limit(MAX_NAMED)))
    if not found:
        return []
    released = db.session.scalars(select(Release.commit).where(Release.app_id == app.id))
    asked = "".join([f"{commit}\n", *(f"^{one}\n" for one in set(released) if one != commit)])
    arguments = ("rev-list", "--ignore-missing", f"--max-count={MAX_COMMITS}", "--stdin")
    try:
        new = set(git.run(storage.here().pool(app.slug), *arguments, stdin=asked.encode()).decode().split())
    except git.GitError as error:  # a release is not held up by its thanks
        logger.warning("proposals of a release not found", app=app.slug, reason=str(error)[-300:])
        return []
    return [one for one in reversed(found) if one.result in new]


def lines(app: App, given: Sequence[Proposal]) -> list[str]:
    """Markdown: a title, then an item for each, in the publisher's language."""
    with force_locale(app.publisher.locale or "id"):
        return [_("Given by cities"), *(f"- {_plain(one.title)} ({one.city.name}, [#{one.id}]({reading.address(one)}))"
                                        for one in given)]  # fmt: skip


def with_given(changelog: str, version: str, told: Sequence[str]) -> str:
    """The change log with ``told`` at the end of the version's part; as it is when no heading names the version."""
    part = changes_of(changelog, version)
    if not part or changelog.count(part) != 1:
        return changelog
    return changelog.replace(part, ending(part, told))


def ending(part: str, told: Sequence[str]) -> str:
    """A version's part with ``told`` (`lines`) below: under a heading like those in it, where it has some."""
    title, *items = told
    levels = [len(found[1]) for line in part.splitlines() if (found := HEADING.match(line))]
    title = f"{'#' * min(levels)} {title}" if levels else f"**{title}**"
    return "\n".join([part, "", title, "", *items])


def _plain(title: str) -> str:
    """A city's words, as text: they give no markup to the publisher's notes."""
    return _MARKUP.sub(r"\\\1", title)
