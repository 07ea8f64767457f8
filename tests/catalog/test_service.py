"""Apps, releases and who uses them."""

import pytest

from registry.catalog import service
from registry.catalog.search import find
from registry.catalog.search.filters import Filters
from registry.core.errors import ConflictError, InvalidError, NotFoundError
from registry.core.uow import unit_of_work
from tests.catalog.conftest import PUBLICCODE


def release(app, inspection, version="1.0.0", tree="a" * 40):
    return service.record_release(app, inspection, version, f"v{version}", "c" * 40, tree, "d" * 64, 1234, None)


def describe(name, **changes):
    text = PUBLICCODE.replace("name: Antrian", f"name: {name}", 1)
    for old, new in changes.items():
        text = text.replace(old.replace("_", " "), new)
    return text.encode()


@pytest.fixture
def antrian(publisher, bundle):
    with unit_of_work():
        return service.record_app(publisher, "antrian", bundle())


def test_an_app_is_recorded_from_its_publiccode(antrian):
    found = service.get_app("antrian")
    assert (found.name, found.maturity, found.licence) == ("Antrian", "stable", "MIT")
    assert found.publiccode == PUBLICCODE and found.facts["name"] == "Antrian"


def test_recording_it_again_renews_it(antrian, publisher, bundle):
    with unit_of_work():
        again = service.record_app(publisher, "antrian", bundle(**{"publiccode.yml": describe("Antrian Kota")}))
    assert again.id == antrian.id and service.get_app("antrian").name == "Antrian Kota"


def test_a_bundle_with_errors_is_not_recorded(publisher, bundle):
    with pytest.raises(InvalidError) as refusal, unit_of_work():
        service.record_app(publisher, "antrian", bundle(LICENSE=None))
    assert refusal.value.findings


@pytest.mark.parametrize("slug", ["Antrian", "a b", "-a", "api", "", "a" * 41, "../x"])
def test_a_slug_must_fit_an_address(publisher, bundle, slug):
    with pytest.raises(InvalidError), unit_of_work():
        service.record_app(publisher, slug, bundle())


def test_another_city_cannot_take_over_an_app(antrian, partner, bundle):
    with pytest.raises(ConflictError), unit_of_work():
        service.record_app(partner, "antrian", bundle())


def test_a_variant_knows_what_it_is_based_on(antrian, partner, bundle):
    based = PUBLICCODE.replace("platforms:", "isBasedOn: https://lumbung.example/git/antrian.git\nplatforms:")
    with unit_of_work():
        variant = service.record_app(partner, "antrian-bontang", bundle(**{"publiccode.yml": based.encode()}))
    assert variant.based_on_id == antrian.id and service.variants_of(antrian) == [variant]


def test_a_release_is_immutable(antrian, bundle):
    with unit_of_work():
        first = release(antrian, bundle())
        assert release(antrian, bundle()).id == first.id
    with pytest.raises(ConflictError, match=r"1\.0\.0"), unit_of_work():
        release(antrian, bundle(), tree="b" * 40)


def test_a_release_needs_a_version(antrian, bundle):
    with pytest.raises(InvalidError), unit_of_work():
        release(antrian, bundle(), "newest")


def test_the_latest_release_passes_over_pre_releases_and_yanked_ones(antrian, bundle):
    with unit_of_work():
        for version in ("1.0.0", "1.10.0", "1.9.0", "2.0.0-rc.1"):
            release(antrian, bundle(), version, tree=version.ljust(40, "0"))
        service.yank_release(service.get_release(antrian, "1.10.0"), "loses tickets")
    assert service.latest_release(antrian).version == "1.9.0"
    assert [one.version for one in service.releases_of(antrian)] == ["2.0.0-rc.1", "1.10.0", "1.9.0", "1.0.0"]


def test_a_yank_says_why(antrian, bundle):
    with pytest.raises(InvalidError), unit_of_work():
        service.yank_release(release(antrian, bundle()), " ")


def test_what_is_not_there_is_said_by_name(antrian):
    with pytest.raises(NotFoundError, match="lapor"):
        service.get_app("lapor")
    with pytest.raises(NotFoundError, match=r"9\.9\.9"):
        service.get_release(antrian, "9.9.9")


def test_an_adoption_keeps_its_first_day(antrian, partner):
    with unit_of_work():
        since = service.note_adoption(antrian.id, partner.id, "1.0.0", True).since
    with unit_of_work():
        service.note_adoption(antrian.id, partner.id, "1.1.0", False)
    (adoption,) = service.adopters(antrian)
    assert (adoption.since, adoption.version, adoption.running) == (since, "1.1.0", False)


@pytest.fixture
def catalog(antrian, publisher, bundle):
    lapor = describe(
        "Lapor",
        **{"appointment-scheduling": "feedback-and-reviews-management", "license:_MIT": "license: EUPL-1.2",
           "Warga_mengambil_nomor_antrean_dari_ponsel": "Warga melaporkan jalan berlubang dan sampah",
           "Citizens_take_a_queue_number_on_their_phone": "Citizens report potholes and waste"},
    )  # fmt: skip
    beta = describe("Simtaru", **{"developmentStatus:_stable": "developmentStatus: beta"})
    with unit_of_work():
        service.record_app(publisher, "lapor", bundle(**{"publiccode.yml": lapor}))
        service.record_app(publisher, "simtaru", bundle(**{"publiccode.yml": beta}))


def slugs(results):
    return [item.app.slug for item in results.items]


@pytest.mark.parametrize(
    "words", ["lapor", "LAPOR", "laporkan", "lubang", "report", "reports", "pothole", "laopr", "sampah jalan"]
)
def test_words_of_both_languages_their_stems_and_slips_find_an_app(catalog, words):
    assert slugs(find.search(words))[0] == "lapor"


@pytest.mark.parametrize("words", ["zeppelin", "' or 1=1 --", "%", "&|!():*", "a\x00b" * 9, "x" * 5000])
def test_words_that_fit_nothing_find_nothing_and_break_nothing(catalog, words):
    assert find.search(words).total in (0, 1, 2, 3)


def test_filters_narrow_and_count(catalog):
    assert slugs(find.search("", Filters.of(licence="EUPL-1.2"))) == ["lapor"]
    assert slugs(find.search("", Filters.of(maturity="beta"))) == ["simtaru"]
    assert find.search("", Filters.of(category="hr")).total == 0
    assert find.search().facets["maturity"] == [("stable", 2), ("beta", 1)]


def test_an_app_in_use_comes_first(catalog, partner):
    with unit_of_work():
        service.note_adoption(service.get_app("simtaru").id, partner.id, "1.0.0", True)
    results = find.search()
    assert slugs(results)[0] == "simtaru"
    assert (results.items[0].adopters, results.items[0].running) == (1, 1)


def test_pages_are_bounded(catalog, monkeypatch):
    monkeypatch.setattr(find, "PAGE", 2)
    assert [len(find.search(page=page).items) for page in (1, 2, 99, -1)] == [2, 1, 1, 2]


def test_figures_count_the_programme(catalog, partner):
    with unit_of_work():
        service.note_adoption(service.get_app("lapor").id, partner.id, "1.0.0", True)
    assert find.figures() == find.Figures(apps=3, cities=2, running=1)
