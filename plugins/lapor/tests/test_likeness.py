from datetime import UTC, datetime, timedelta

import pytest
from lapor.likeness import Matter, distance, likely, shared_words

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
HERE = (0.1300, 117.4800)


def matter(id: int = 1, **changes: object) -> Matter:
    given = {"title": "Lubang besar di jalan", "at": NOW, "kelurahan": "Kanaan", "where": HERE}
    return Matter(id=id, **(given | changes))  # type: ignore[arg-type]


def test_distance_is_metres_along_the_ground():
    # A minute of arc of latitude is a nautical mile: 1,852 m, some 0.1 % more or less on a sphere.
    assert distance((0, 117), (1 / 60, 117)) == pytest.approx(1853, abs=1)
    assert distance(HERE, HERE) == 0
    assert distance((0, 180), (0, -180)) == pytest.approx(0, abs=0.01)


def test_words_count_whatever_their_case_and_order():
    assert shared_words("Lampu JALAN mati", "mati lampu di jalan") == 1
    assert shared_words("Lampu jalan", "Sampah pasar") == 0
    assert shared_words("", "di ke") == 0


def test_near_and_recent_is_likely_and_the_nearest_comes_first():
    near, nearer = matter(2, where=(0.1318, 117.48)), matter(3, where=(0.1301, 117.48))
    assert [found.id for found in likely(matter(), [near, nearer], 300, 45)] == [3, 2]


@pytest.mark.parametrize(
    "change",
    [
        {"where": (0.1400, 117.48)},
        {"at": NOW - timedelta(days=46)},
        {"where": None, "kelurahan": "Loktuan"},
        {"where": None, "title": "Sampah menumpuk tiga hari"},
        {"where": None, "kelurahan": ""},
    ],
)
def test_far_old_and_unlike_is_not(change):
    assert likely(matter(), [matter(2, **change)], 300, 45) == []


def test_without_a_point_the_kelurahan_and_the_words_decide():
    [found] = likely(matter(), [matter(2, where=None, title="Jalan lubang lagi")], 300, 45)
    assert found.metres is None and found.shared > 0


def test_a_report_is_not_like_itself_and_five_are_enough():
    assert likely(matter(), [matter(1)], 300, 45) == []
    assert len(likely(matter(), [matter(n) for n in range(2, 20)], 300, 45)) == 5
