import pytest
from argon2 import PasswordHasher

from registry.accounts import service
from registry.core.uow import unit_of_work

EMAIL, PASSWORD = "admin@bontang.example", "padi menguning di sawah"


@pytest.fixture
def user(app, clean) -> int:
    with app.app_context(), unit_of_work():
        return service.register(EMAIL, "Admin Kota Bontang", PASSWORD).id


@pytest.fixture
def sign_in(user):
    def enter(client, password: str = PASSWORD, **more):
        return client.post("/sign-in", data={"email": EMAIL, "password": password, **more})

    return enter


@pytest.fixture(scope="session", autouse=True)
def quick_hashes():
    """Passwords of tests guard nothing: hash them cheaply."""
    before, quick = service._hasher, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    service._hasher = quick
    yield
    service._hasher = before
