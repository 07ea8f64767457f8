"""Values of the rules in the page's language."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from simtaru.geometry import Point
from simtaru.rules import Stage, State, Verdict
from simtaru.shapes import Kind, Problem

VERDICTS = {
    Verdict.ALLOWED: _l("Allowed"),
    Verdict.LIMITED: _l("Allowed within limits"),
    Verdict.CONDITIONAL: _l("Allowed on conditions"),
    Verdict.FORBIDDEN: _l("Not allowed"),
    Verdict.UNKNOWN: _l("Not laid down"),
}
VERDICT_TONES = {
    Verdict.ALLOWED: "good",
    Verdict.LIMITED: "info",
    Verdict.CONDITIONAL: "warn",
    Verdict.FORBIDDEN: "wrong",
    Verdict.UNKNOWN: "plain",
}
VERDICT_NOTES = {
    Verdict.ALLOWED: _l("The plan allows this here. Permits that the work itself needs remain necessary."),
    Verdict.LIMITED: _l("The plan allows this here within the limits named."),
    Verdict.CONDITIONAL: _l("The plan allows this here once the conditions named are met."),
    Verdict.FORBIDDEN: _l("The plan does not allow this here."),
    Verdict.UNKNOWN: _l("The plan says nothing of this use in this zone. Ask the office before you decide anything."),
}
STATES = {
    State.DRAFT: (_l("Draft"), "warn"),
    State.IN_FORCE: (_l("In force"), "good"),
    State.SUPERSEDED: (_l("Superseded"), "plain"),
}
STAGES = {
    Stage.NEW: (_l("Waiting"), "info"),
    Stage.ISSUED: (_l("Issued"), "good"),
    Stage.REFUSED: (_l("Refused"), "wrong"),
    Stage.WITHDRAWN: (_l("Withdrawn"), "plain"),
}
PURPOSES = {
    "permit": _l("A permit for building or business"),
    "purchase": _l("Buying or selling land"),
    "certificate": _l("Land certificate"),
    "study": _l("Study or planning"),
    "other": _l("Something else"),
}


def place(point: Point) -> str:
    """Latitude, longitude as maps write them."""
    return f"{point[1]:.6f}, {point[0]:.6f}"


def sentence(problem: Problem) -> str:
    """What is wrong and what to do about it."""
    value = problem.value
    sentences = {
        Kind.TOO_LARGE: lambda: _("The file is larger than %(n)s MB. Simplify the edges or split the plan.", n=value),
        Kind.NOT_JSON: lambda: _("The file is no JSON. Export it as GeoJSON, UTF-8."),
        Kind.NO_COLLECTION: lambda: _("The file is no GeoJSON FeatureCollection."),
        Kind.OTHER_CRS: lambda: _("The file is in %(name)s. Export it in WGS 84 (EPSG:4326).", name=value),
        Kind.EMPTY: lambda: _("The file has no features."),
        Kind.TOO_MANY_FEATURES: lambda: _("More than %(n)s features. Join neighbours of the same class.", n=value),
        Kind.TOO_MANY_POINTS: lambda: _("More than %(n)s corners in all. Simplify the edges.", n=value),
        Kind.NO_FEATURE: lambda: _("This is no Feature with properties and geometry."),
        Kind.NO_CODE: lambda: _("The property KODSZN (or code) with the class of the zone is missing."),
        Kind.UNKNOWN_CODE: lambda: _("“%(code)s” is no class of Permen ATR/BPN 11/2021, like R-2.", code=value),
        Kind.TOO_LONG: lambda: _("The property %(name)s is longer than 120 characters.", name=value),
        Kind.NO_POLYGON: lambda: _("The geometry is %(kind)s. Zones are Polygon or MultiPolygon.", kind=value or "–"),
        Kind.BAD_POSITION: lambda: _("“%(value)s” is no position. It should be [longitude, latitude].", value=value),
        Kind.METRES: lambda: _("%(value)s looks like metres (UTM). Export the file in degrees, WGS 84.", value=value),
        Kind.SWAPPED: lambda: _("Latitude and longitude are exchanged. GeoJSON writes longitude first."),
    }
    said = sentences.get(problem.kind)
    return said() if said else _shape_sentence(problem)


def _shape_sentence(problem: Problem) -> str:
    value = problem.value
    sentences = {
        Kind.OUTSIDE: lambda: _("This corner lies outside of the city's bounds in the settings."),
        Kind.NOT_CLOSED: lambda: _("The outline is not closed: its last corner is not its first."),
        Kind.TOO_FEW_POINTS: lambda: _("An outline needs at least three different corners."),
        Kind.LONG_RING: lambda: _("An outline has more than %(n)s corners. Simplify it.", n=value),
        Kind.NO_AREA: lambda: _("The zone is smaller than one square metre."),
        Kind.CROSSING: lambda: _("The outline crosses itself here."),
        Kind.TANGLED: lambda: _("The outline is too tangled to be checked. Simplify it."),
        Kind.OVERLAP: lambda: _("These two zones share %(area)s m².", area=value),
        Kind.GAP: lambda: _("%(area)s m² between zones belong to none of them.", area=value),
    }
    return sentences[problem.kind]()
