"""A programme with many cities: the maintainer of Bandung looks at all of them."""

from datetime import timedelta

import pytest

from registry.catalog.models import Adoption, App, Release
from registry.core import clock, scope
from registry.core.uow import unit_of_work
from registry.tenants.agreements import rules
from registry.tenants.agreements.models import Agreement
from registry.tenants.models import City
from registry.tenants.provinces import PROVINCES
from tests.tenants.conftest import agreed, browser, quick_hashes, world  # noqa: F401 fixtures

TODAY = clock.today()


def add_cities(session, count: int, signed: int, name: str = "kota") -> list[City]:
    """``count`` cities over all provinces; of the first ``signed`` every third PKS ended, every fifth ends soon."""
    provinces, first = list(PROVINCES), 10 if name == "kota" else 60
    cities = []
    for number in range(count):
        province = provinces[number % len(provinces)]
        code = f"{province}.{number // len(provinces) + first}"
        state = "admitted" if number < signed else "applied"
        cities.append(City(code=code, slug=f"{name}-{number}", name=f"Kota Contoh {number}",
                           province=PROVINCES[province], state=state))  # fmt: skip
    session.add_all(cities)
    session.flush()
    for number, city in enumerate(cities[:signed]):
        session.add_all([paper(city, rules.MEMORANDUM, 900), paper(city, rules.PKS, days_left(number))])
    return cities


def days_left(number: int) -> int:
    return -10 if number % 3 == 0 else 30 if number % 5 == 0 else 700


def paper(city: City, kind: str, days: int) -> Agreement:
    return Agreement(
        tenant_id=city.id, kind=kind, number=f"{kind}-{city.id}", state="signed",
        starts_on=TODAY - timedelta(400), ends_on=TODAY + timedelta(days),
        publisher_signed_on=TODAY - timedelta(400), partner_signed_on=TODAY - timedelta(400),
    )  # fmt: skip


def add_app(session, slug: str, publisher: City) -> App:
    app = App(slug=slug, name=slug.title(), publisher_id=publisher.id, publiccode="", facts={}, maturity="stable",
              licence="EUPL-1.2")  # fmt: skip
    session.add(app)
    session.flush()
    session.add(Release(app_id=app.id, version="1.0.0", tag="v1.0.0", commit="1" * 40, tree="2" * 40, manifest={},
                        size=1, sha256="3" * 64))  # fmt: skip
    return app


@pytest.fixture
def partners(app, world):  # noqa: F811
    """Thirty cities, twenty of them with papers; Lapor is taken by ten of those and run by five. Their ids."""
    with app.app_context():
        scope.enter_programme()
        with unit_of_work() as session:
            cities = add_cities(session, 30, 20)
            lapor = add_app(session, "lapor", session.query(City).filter(City.publisher).one())
            for number, city in enumerate(cities[:10]):
                session.add(Adoption(app_id=lapor.id, city_id=city.id, version="1.0.0", running=number < 5,
                                     since=clock.now() - timedelta(days=40 * number)))  # fmt: skip
            return [city.id for city in cities]
