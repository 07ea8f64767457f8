"""What the spatial plan says of a place: asked of the sibling Simtaru, read with distrust, never needed."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from lumbung_plugin import OutsideError, siblings

from perizinan.rules import Verdict

APP, CAPABILITY = "simtaru", "zoning.read"
SECONDS = 3.0
LONGEST_NAME, LONGEST_TEXT, MOST_USES = 120, 2_000, 500


@dataclass(frozen=True)
class Zoning:
    """An answer of the spatial plan. `conditions` are its own words; `url` the public page of the place, or empty."""

    verdict: Verdict
    zone: str = ""
    zone_en: str = ""
    conditions: str = ""
    conditions_en: str = ""
    url: str = ""

    def kept(self) -> str:
        """As the database keeps it."""
        return json.dumps(asdict(self), ensure_ascii=False)


AWAY = Zoning(Verdict.AWAY)


@dataclass(frozen=True)
class Use:
    """An activity the spatial plan knows."""

    code: str
    name: str
    name_en: str


def read(answer: Any) -> Zoning:
    """Simtaru's answer as a value; whatever is not as agreed counts as no answer."""
    if not isinstance(answer, Mapping):
        return AWAY
    try:
        verdict = Verdict(str(answer.get("verdict")))
    except ValueError:
        return AWAY
    zone = answer.get("zone")
    zone = zone if isinstance(zone, Mapping) else {}
    url = str(answer.get("url") or "")
    return Zoning(
        verdict,
        _text(zone.get("name"), LONGEST_NAME),
        _text(zone.get("name_en"), LONGEST_NAME),
        _text(answer.get("conditions"), LONGEST_TEXT),
        _text(answer.get("conditions_en"), LONGEST_TEXT),
        url if re.match(r"https?://[^\s\"'<>]+$", url) and len(url) < LONGEST_TEXT else "",
    )


def kept(text: str | None) -> Zoning | None:
    """What was kept with an application; None when the plan was not asked."""
    if not text:
        return None
    values = json.loads(text)
    return Zoning(**(values | {"verdict": Verdict(values["verdict"])}))


def ask(latitude: float, longitude: float, use: str) -> Zoning:
    """Ask now, for at most three seconds; `AWAY` when nobody answers, whatever the reason."""
    try:
        reply = siblings.ask(APP, CAPABILITY, "", {"lat": latitude, "lon": longitude, "use": use}, seconds=SECONDS)
        return read(reply.json()) if reply.status == 200 else AWAY
    except (OutsideError, ValueError):
        return AWAY


def uses() -> list[Use]:
    """The activities Simtaru knows, for the administrator's choice; none when it does not answer."""
    try:
        reply = siblings.ask(APP, CAPABILITY, "kegiatan", seconds=SECONDS)
        listed = reply.json().get("uses") if reply.status == 200 else None
    except (OutsideError, ValueError, AttributeError):
        return []
    return [_use(one) for one in listed[:MOST_USES] if isinstance(one, Mapping)] if isinstance(listed, list) else []


def _use(one: Mapping[str, Any]) -> Use:
    name = _text(one.get("name"), LONGEST_NAME)
    return Use(_text(one.get("code"), 40), name, _text(one.get("name_en"), LONGEST_NAME) or name)


def _text(value: object, longest: int) -> str:
    """Readable letters only, in at most `longest`."""
    text = "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in str(value or ""))
    return text.strip()[:longest]
