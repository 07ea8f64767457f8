import pytest

from registry.core.uow import unit_of_work
from registry.tenants.models import City


@pytest.fixture
def bontang(app, clean) -> str:
    with app.app_context(), unit_of_work() as session:
        city = City(code="64.74", slug="bontang", name="Kota Bontang", province="Kalimantan Timur", state="admitted",
                    color="#1d4e89", demo=True)  # fmt: skip
        session.add(city)
    return "bontang"
