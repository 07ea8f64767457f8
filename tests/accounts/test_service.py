"""What no page shows: how passwords are tried."""

from argon2 import PasswordHasher, extract_parameters

from registry.accounts import service
from tests.accounts.conftest import EMAIL, PASSWORD


def test_a_password_is_tried_on_nobody_at_the_cost_of_a_real_one(context, user):
    assert service.has_password(service.find_by_email(EMAIL), PASSWORD)
    assert not service.has_password(None, PASSWORD)
    real = PasswordHasher().hash(PASSWORD)
    assert extract_parameters(service._NOBODY) == extract_parameters(real)
    assert len(service._NOBODY) == len(real)
