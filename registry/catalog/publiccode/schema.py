"""publiccode.yml 0.x as tables: every key, its kind, whether it must be there and what replaces it.

After the standard's ``schema.core.rst`` (0.7.0); where standard and reference parser (publiccode-parser-go 5.4) differ,
the parser's verdict, because that is what other catalogs apply.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from flask_babel import lazy_gettext as _lazy
from flask_babel.speaklater import LazyString

from registry.catalog.publiccode import values

VERSIONS = tuple("0 0.2 0.2.0 0.2.1 0.2.2 0.3 0.3.0 0.4 0.4.0 0.5 0.5.0 0.7 0.7.0".split())


@dataclass(frozen=True)
class Text:
    checks: tuple[values.Check, ...] = ()


@dataclass(frozen=True)
class Flag:
    pass


@dataclass(frozen=True)
class Many:
    """A list; with ``single`` one item without a list is taken for a list of one."""

    item: Kind
    at_least: int = 0
    single: bool = False


@dataclass(frozen=True)
class Record:
    keys: Mapping[str, Key]


@dataclass(frozen=True)
class ByLanguage:
    record: Record


Kind: TypeAlias = Text | Flag | Many | Record | ByLanguage


@dataclass(frozen=True)
class Key:
    kind: Kind
    required: bool = False
    deprecated: LazyString | None = None


def text(*checks: values.Check) -> Key:
    return Key(Text(checks))


def needed(*checks: values.Check) -> Key:
    return Key(Text(checks), required=True)


def texts(*checks: values.Check) -> Key:
    return Key(Many(Text(checks)))


def records(keys: Mapping[str, Key]) -> Key:
    return Key(Many(Record(keys)))


DROP = _lazy("This key is deprecated: it is safe to drop it.")
FLAGS = "lineeGuidaDesign modelloInteroperabilita misureMinimeSicurezza gdpr".split()
PLATFORMS = "spid pagopa cie anpr io".split()

ORGANISATION = {"uri": needed(values.organisation), "name": text()}
CONTACT = {"name": needed(), "email": text(values.email), "phone": text(), "affiliation": text()}
CONTRACTOR = {
    "name": needed(),
    "until": needed(values.day),
    "email": text(values.email),
    "website": text(values.web_url),
}
DEPENDENCY = {
    "name": needed(),
    "versionMin": text(),
    "versionMax": text(),
    "version": text(),
    "optional": Key(Flag()),
}
DESCRIPTION = Record(
    {
        "localisedName": text(),
        "genericName": Key(Text((values.between(0, 35),)), deprecated=DROP),
        "shortDescription": needed(values.between(1, 150)),
        "longDescription": needed(values.between(150, 10_000)),
        "documentation": text(values.web_url),
        "apiDocumentation": text(values.web_url),
        "features": Key(Many(Text(), at_least=1), required=True),
        "screenshots": texts(values.file_or_url(".png", ".jpg")),
        "videos": texts(values.video),
        "awards": texts(),
    }
)
ITALY = Record(
    {
        "countryExtensionVersion": text(values.one_of("0.2", "1.0")),
        "conforme": Key(Record({name: Key(Flag()) for name in FLAGS}), deprecated=DROP),
        "riuso": Key(Record({"codiceIPA": text(values.italian_body)})),
        "piattaforme": Key(Record({name: Key(Flag()) for name in PLATFORMS})),
    }
)
ROOT = Record(
    {
        "publiccodeYmlVersion": needed(),
        "name": needed(),
        "applicationSuite": text(),
        "url": needed(values.url),
        "landingURL": text(values.web_url),
        "isBasedOn": Key(Many(Text((values.url,)), single=True)),
        "softwareVersion": text(),
        "releaseDate": text(values.day),
        "logo": text(values.file_or_url(".svg", ".svgz", ".png")),
        "monochromeLogo": Key(
            Text((values.file_or_url(".svg", ".svgz", ".png"),)), deprecated=_lazy("Deprecated: use logo instead.")
        ),
        "organisation": Key(Record(ORGANISATION)),
        "inputTypes": Key(Many(Text((values.mime,))), deprecated=DROP),
        "outputTypes": Key(Many(Text((values.mime,))), deprecated=DROP),
        "platforms": Key(Many(Text(), at_least=1), required=True),
        "categories": texts(values.category),
        "usedBy": texts(),
        "fundedBy": records(ORGANISATION),
        "roadmap": text(values.web_url),
        "developmentStatus": needed(values.one_of("concept", "development", "beta", "stable", "obsolete")),
        "softwareType": needed(
            values.one_of(
                "standalone/mobile",
                "standalone/iot",
                "standalone/desktop",
                "standalone/web",
                "standalone/backend",
                "standalone/other",
                "addon",
                "library",
                "configurationFiles",
            )
        ),
        "supports": records({"id": needed(values.supports)}),
        "intendedAudience": Key(
            Record(
                {
                    "scope": texts(values.scope),
                    "countries": texts(values.country),
                    "unsupportedCountries": texts(values.country),
                }
            )
        ),
        "description": Key(ByLanguage(DESCRIPTION), required=True),
        "legal": Key(
            Record(
                {
                    "license": needed(values.spdx),
                    "mainCopyrightOwner": text(),
                    "repoOwner": Key(Text(), deprecated=_lazy("Deprecated: use organisation.name instead.")),
                    "authorsFile": Key(Text((values.file_or_url(),)), deprecated=DROP),
                }
            ),
            required=True,
        ),
        "maintenance": Key(
            Record(
                {
                    "type": needed(values.one_of("internal", "contract", "community", "none")),
                    "contractors": records(CONTRACTOR),
                    "contacts": records(CONTACT),
                }
            ),
            required=True,
        ),
        "localisation": Key(
            Record(
                {
                    "localisationReady": Key(Flag(), required=True),
                    "availableLanguages": Key(Many(Text((values.language,)), at_least=1), required=True),
                }
            ),
            required=True,
        ),
        "dependsOn": Key(Record({name: records(DEPENDENCY) for name in ("open", "proprietary", "hardware")})),
        "IT": Key(ITALY, deprecated=_lazy("Country sections are deprecated: use supports and organisation.uri.")),
        "it": Key(ITALY, deprecated=_lazy("Lower-case country sections are deprecated: write IT.")),
    }
)
