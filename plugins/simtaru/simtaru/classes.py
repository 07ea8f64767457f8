"""Zone classes after Permen ATR/KBPN 11/2021 and 14/2021, from `data/zone_classes.json` (see its `source`)."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

FILE = Path(__file__).parent / "data" / "zone_classes.json"


@dataclass(frozen=True, slots=True)
class ZoneClass:
    """One sub-zone: `zone` it belongs to, `group` is lindung (protected) or budidaya, `colour` `#rrggbb`."""

    code: str
    name: str
    name_en: str
    zone: str
    group: str
    colour: str

    @property
    def stem(self) -> str:
        """The zone's own code: `R` of `R-2`."""
        return self.code.partition("-")[0]


@lru_cache(maxsize=1)
def _file() -> Any:
    return json.loads(FILE.read_text(encoding="utf-8"))


def source() -> str:
    return str(_file()["source"])


def groups() -> dict[str, dict[str, str]]:
    """The names of the two groups in both languages."""
    return dict(_file()["groups"])


@lru_cache(maxsize=1)
def known() -> MappingProxyType[str, ZoneClass]:
    """All classes by code, in the order of the regulation."""
    names = ZoneClass.__dataclass_fields__
    rows = [ZoneClass(**{key: row[key] for key in names}) for row in _file()["classes"]]
    return MappingProxyType({row.code: row for row in rows})


def base(code: str) -> str:
    """The class of a code with a city's own suffix: `R-2.a` is `R-2`."""
    return code.partition(".")[0]


def exists(code: str) -> bool:
    return base(code) in known()


def of(code: str) -> ZoneClass:
    """The class of a code that exists."""
    return known()[base(code)]
