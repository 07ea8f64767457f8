"""Releases as Atom (RFC 4287), in pages (RFC 5005): new ones, and withdrawn ones once more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from flask_babel import gettext as _

from registry.catalog import rules as catalog_rules
from registry.catalog.markdown import render
from registry.catalog.models import App, Release
from registry.catalog.open_data import rules
from registry.catalog.open_data.news import News, changed_at

ATOM = "http://www.w3.org/2005/Atom"
SINCE = "2026"
"""Of the tag: addresses (RFC 4151): a year in which the host was ours."""

register_namespace("", ATOM)


@dataclass(frozen=True)
class Place:
    """Where a feed is: the registry's ``origin`` and ``host``, the feed's own ``path``, the cursor asked ``before``,
    the language its few own words are in.
    """

    origin: str
    host: str
    path: str
    before: str
    language: str


def feed(place: Place, title: str, about: App | None, news: News, updated: datetime) -> bytes:
    """``updated`` is told when there is nothing yet."""
    root = Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": place.language})
    kept = f"apps/{about.slug}/releases" if about else "catalog"
    _text(root, "id", f"tag:{place.host},{SINCE}:{kept}")
    _text(root, "title", title)
    _text(root, "updated", _moment(changed_at(news.releases[0]) if news.releases else updated))
    _text(root, "generator", "Lumbung")
    _text(_add(root, "author"), "name", about.publisher.name if about else "Lumbung")
    _links(root, place, about, news)
    for release in news.releases:
        _entry(root, place, release)
    return tostring(root, encoding="utf-8", xml_declaration=True)


def _links(root: Element, place: Place, about: App | None, news: News) -> None:
    own = f"{place.origin}{place.path}"
    page = f"{place.origin}/apps/{about.slug}" if about else f"{place.origin}/"
    _link(root, "self", f"{own}?before={place.before}" if place.before else own, "application/atom+xml")
    _link(root, "alternate", page, "text/html")
    _link(root, "first", own, "application/atom+xml")
    if news.older:
        _link(root, "next", f"{own}?before={news.older}", "application/atom+xml")


def _entry(root: Element, place: Place, release: Release) -> None:
    app, entry = release.app, _add(root, "entry")
    page = f"{place.origin}/apps/{app.slug}"
    changes = catalog_rules.changes_of(release.changelog, release.version)
    _text(entry, "id", f"tag:{place.host},{SINCE}:apps/{app.slug}/releases/{release.version}")
    _text(entry, "title", _title(release, rules.is_security(changes)))
    _text(entry, "published", _moment(release.published_at))
    _text(entry, "updated", _moment(changed_at(release)))
    _text(_add(entry, "author"), "name", app.publisher.name)
    _link(entry, "alternate", f"{page}#releases", "text/html")
    archive = _link(entry, "enclosure", f"{page}/releases/{release.version}.tar.gz", "application/gzip")
    archive.set("length", str(release.size))
    for term in _terms(release, changes):
        _add(entry, "category").set("term", rules.xml_text(term))
    _text(entry, "summary", _summary(release, place.language))
    told = render(f"{_withdrawn(release)}\n\n{changes}".strip())
    if told:
        _text(entry, "content", told).set("type", "html")


def _title(release: Release, is_security: bool) -> str:
    name = f"{release.app.name} {release.version}"
    if release.yanked_at is not None:
        return _("Withdrawn: %(release)s", release=name)
    return _("Security: %(release)s", release=name) if is_security else name


def _terms(release: Release, changes: str) -> list[str]:
    """The app's categories, ``security`` and ``yanked`` where they fit."""
    marks = [("security", rules.is_security(changes)), ("yanked", release.yanked_at is not None)]
    return [*dict.fromkeys(release.app.categories), *(term for term, fits in marks if fits)]


def _withdrawn(release: Release) -> str:
    return _("This release is withdrawn: %(reason)s", reason=release.yank_reason) if release.yanked_at else ""


def _summary(release: Release, language: str) -> str:
    texts = catalog_rules.description(release.app.facts, [language])[1]
    return " ".join(part for part in (_withdrawn(release), str(texts.get("shortDescription", ""))) if part)


def _moment(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _add(parent: Element, name: str) -> Element:
    return SubElement(parent, f"{{{ATOM}}}{name}")


def _text(parent: Element, name: str, text: str) -> Element:
    found = _add(parent, name)
    found.text = rules.xml_text(text)
    return found


def _link(parent: Element, rel: str, href: str, kind: str) -> Element:
    found = _add(parent, "link")
    for name, value in (("rel", rel), ("href", href), ("type", kind)):
        found.set(name, value)
    return found
