from registry.tenants import tiles
from registry.tenants.provinces import PROVINCES


def test_every_province_has_one_place_of_its_own():
    assert set(tiles.PLACES) == set(PROVINCES)
    assert len({place[:2] for place in tiles.PLACES.values()}) == len(PROVINCES)
    assert len({place[2] for place in tiles.PLACES.values()}) == len(PROVINCES)


def test_more_cities_are_drawn_darker():
    shades = [tiles.shade(count) for count in (0, 1, 2, 3, 6, 11, 100)]
    assert shades == [0, 1, 1, 2, 3, 4, 4]
    assert [text for _shade, text in tiles.legend()] == ["0", "1–2", "3–5", "6–10", "≥ 11"]


def test_all_tiles_lie_within_the_picture():
    for tile in tiles.tiles({"32": 4}):
        assert tile.x + tiles.SIZE <= tiles.WIDTH and tile.y + tiles.SIZE <= tiles.HEIGHT
        assert tile.count == (4 if tile.code == "32" else 0)
