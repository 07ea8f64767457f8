"""Shapes: area, crossing, what lies inside, and how small a sketch gets."""

import math

import pytest
from simtaru import coverage, geometry

from .conftest import square


def test_a_hundred_metres_square_at_the_equator_is_a_hectare():
    assert geometry.area([[square(117.0, 0.0, 100 / geometry.METRES)]]) == pytest.approx(10_000, rel=0.001)


def test_a_hole_is_no_part_of_the_area():
    whole, hole = square(117.0, 0.0), square(117.0002, 0.0002, 0.0005)
    assert geometry.area([[whole, hole]]) == pytest.approx(geometry.area([[whole]]) * 0.75, rel=0.001)


@pytest.mark.parametrize(("point", "within"), [((117.0005, 0.0005), True), ((117.0015, 0.0005), False),
                                               ((117.0, 0.0005), True), ((117.001, 0.001), True)])  # fmt: skip
def test_a_point_on_the_edge_belongs_to_the_zone(point, within):
    assert geometry.contains([[square(117.0, 0.0)]], point) is within


def test_a_point_in_a_hole_is_outside():
    assert not geometry.contains([[square(117.0, 0.0), square(117.0004, 0.0004, 0.0002)]], (117.0005, 0.0005))


def test_a_figure_of_eight_crosses_itself_in_the_middle():
    assert geometry.crossing([[(0, 0), (1, 1), (1, 0), (0, 1), (0, 0)]]) == (0.5, 0.5)


def test_a_hole_that_breaks_through_the_shell_is_a_crossing():
    assert geometry.crossing([square(0, 0, 1), square(0.5, 0.25, 1)]) is not None


def test_edges_that_touch_at_a_corner_do_not_cross():
    assert geometry.crossing([[(0, 0), (1, 0), (0.5, 1), (1, 2), (0, 2), (0.5, 1), (0, 0)]]) is None


def test_a_comb_made_to_keep_the_check_busy_is_given_up():
    comb = [(117 + (at % 2) * 0.1, 0.1 + at * 1e-6) for at in range(3_000)]
    with pytest.raises(geometry.TangledError):
        geometry.crossing([[*comb, (117.2, 0.2), comb[0]]], geometry.Effort(100_000))


def test_a_point_well_within_lies_within_even_a_horseshoe():
    shoe = [(0, 0), (3, 0), (3, 3), (2, 3), (2, 1), (1, 1), (1, 3), (0, 3), (0, 0)]
    assert geometry.contains([[shoe]], geometry.inside([[shoe]]))


def test_a_sketch_has_fewer_corners_and_stays_closed():
    ring = [(math.cos(at / 500 * math.tau), math.sin(at / 500 * math.tau)) for at in range(500)]
    thin = geometry.simplified([[[*ring, ring[0]]]], 0.1)[0][0]
    assert 20 < len(thin) < 80 and thin[0] == thin[-1]


def test_what_two_zones_share_is_told_with_its_place():
    found = coverage.report([[[square(117.0, 0.0)]], [[square(117.0008, 0.0)]]])
    assert found.overlaps[0].area == pytest.approx(geometry.area([[square(117.0, 0.0)]]) * 0.2, rel=0.02)
    assert found.overlaps[0].place == pytest.approx((117.0009, 0.0005), abs=0.0005)


def test_neighbours_that_share_an_edge_do_not_overlap():
    assert coverage.report([[[square(117.0, 0.0)]], [[square(117.001, 0.0)]]]).overlaps == []


def test_a_hole_in_the_patchwork_is_a_gap_and_the_world_around_it_is_not():
    ring = [[[square(117 + x * 0.001, y * 0.001)]] for x in range(3) for y in range(3) if (x, y) != (1, 1)]
    gaps = coverage.report(ring).gaps
    assert len(gaps) == 1 and gaps[0].place == pytest.approx((117.0015, 0.0015), abs=0.0005)


def test_a_bay_open_to_the_outside_is_no_gap():
    bay = [[[square(117 + x * 0.001, y * 0.001)]] for x in range(3) for y in range(3) if (x, y) not in ((1, 1), (1, 2))]
    assert coverage.report(bay).gaps == []
