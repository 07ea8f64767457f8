"""A file of zones: what is taken, what is refused, and that each refusal names feature and place."""

import json

import pytest
from simtaru import importing
from simtaru.shapes import Kind

from .conftest import SMALL, collection, feature, square

BOUNDS = (117.0, 0.0, 118.0, 1.0)


def kinds(data: bytes) -> list[Kind]:
    return [problem.kind for problem in importing.read(data, BOUNDS).problems]


def test_zones_are_read_by_the_names_of_the_national_data_base():
    zone = importing.read(SMALL, BOUNDS).zones[0]
    assert (zone.code, zone.block, zone.kelurahan, zone.name) == ("R-2", "A.1", "Telihan", "Perumahan kepadatan tinggi")


def test_small_letters_and_a_citys_own_suffix_are_a_code():
    assert importing.read(collection(feature("r-2.a", square(117.4, 0.1))), BOUNDS).zones[0].code == "R-2.A"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\xff\xfe", Kind.NOT_JSON),
        (b"[" * 100_000, Kind.NOT_JSON),
        (b'{"type": "Feature"}', Kind.NO_COLLECTION),
        (b"[]", Kind.NO_COLLECTION),
        (b'{"type": "FeatureCollection", "features": {}}', Kind.EMPTY),
        (collection(), Kind.EMPTY),
        (collection(feature("R-2", square(117.4, 0.1)), crs={"properties": {"name": "urn:ogc:def:crs:EPSG::32650"}}),
         Kind.OTHER_CRS),
        (collection(*[{}] * 2_001), Kind.TOO_MANY_FEATURES),
        (collection({"type": "FeatureCollection"}), Kind.NO_FEATURE),
        (collection(feature("", square(117.4, 0.1))), Kind.NO_CODE),
        (collection(feature("Z-9", square(117.4, 0.1))), Kind.UNKNOWN_CODE),
        (collection(feature("R-2", square(117.4, 0.1), REMARK="x" * 121)), Kind.TOO_LONG),
        (collection({"type": "Feature", "properties": {"KODSZN": "R-2"}, "geometry": None}), Kind.NO_POLYGON),
        (collection({"type": "Feature", "properties": {"KODSZN": "R-2"}, "geometry": {"type": "Point",
                     "coordinates": [117.4, 0.1]}}), Kind.NO_POLYGON),
        (collection(feature("R-2", square(117.4, 0.1)[:-1])), Kind.NOT_CLOSED),
        (collection(feature("R-2", [(117.4, 0.1), (117.5, 0.1), (117.4, 0.1)])), Kind.TOO_FEW_POINTS),
        (collection(feature("R-2", ["a", "b"])), Kind.BAD_POSITION),
        (collection(feature("R-2", [[10**400, 1]])), Kind.BAD_POSITION),
        (collection(feature("R-2", [[float("nan"), 1]])), Kind.BAD_POSITION),
        (collection(feature("R-2", [[True, 1]])), Kind.BAD_POSITION),
        (collection(feature("R-2", square(544_000, 11_000, 50))), Kind.METRES),
        (collection(feature("R-2", [(lat, lon) for lon, lat in square(117.4, 0.1)])), Kind.SWAPPED),
        (collection(feature("R-2", square(106.8, -6.2))), Kind.OUTSIDE),
        (collection(feature("R-2", square(117.4, 0.1, 1e-6))), Kind.NO_AREA),
        (collection(feature("R-2", [(117.4, 0.1), (117.5, 0.2), (117.5, 0.1), (117.4, 0.2), (117.4, 0.1)])),
         Kind.CROSSING),
        (collection(feature("R-2", [(117.4, 0.1)] * 5_001)), Kind.LONG_RING),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_a_plan_is_refused_by_name(data, kind):
    assert kinds(data) == [kind]


def test_a_problem_names_its_feature_and_its_place():
    good, bad = feature("R-2", square(117.4, 0.1)), feature("K-1", square(117.5, 0.1)[:-1], NAMOBJ="Pasar")
    problem = importing.read(collection(good, bad), BOUNDS).problems[0]
    assert (problem.feature, problem.name, problem.place) == (2, "Pasar", (117.5, 0.101))


def test_all_problems_are_told_at_once_up_to_a_bound():
    read = importing.read(collection(*[feature("Z-9", square(117.4, 0.1))] * 500), BOUNDS)
    assert len(read.problems) == importing.MOST_PROBLEMS


def test_overlaps_and_gaps_are_warnings_and_hinder_nothing():
    read = importing.read(collection(feature("R-2", square(117.4, 0.1)), feature("K-1", square(117.4008, 0.1))), BOUNDS)
    assert read.problems == [] and [one.kind for one in read.warnings] == [Kind.OVERLAP]


def test_control_characters_and_markup_stay_text():
    read = importing.read(collection(feature("R-2", square(117.4, 0.1), NAMOBJ="<b>\x00a\n")), BOUNDS)
    assert read.zones[0].name == "<b> a"


def test_too_many_corners_in_all_are_refused():
    ring = [(117.4 + at * 1e-7, 0.1 + (at % 2) * 1e-6) for at in range(4_900)]
    many = [feature("R-2", [*ring, (117.4, 0.2), ring[0]]) for _ in range(13)]
    assert kinds(json.dumps({"type": "FeatureCollection", "features": many}).encode())[-1] in (
        Kind.TOO_MANY_POINTS, Kind.TANGLED,
    )  # fmt: skip
