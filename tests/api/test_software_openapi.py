"""``/v1`` as its own document tells it: no input breaks it, and refusals are problems."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error

from registry.core.uow import unit_of_work
from registry.tenants.models import City

EXAMPLES = 15


@pytest.fixture
def document(app, clean):
    with app.app_context(), unit_of_work() as session:
        session.add(City(code="32.73", slug="bandung", name="Kota Bandung", province="Jawa Barat", publisher=True,
                         state="admitted"))  # fmt: skip
    return schemathesis.openapi.from_wsgi("/v1/openapi.json", app)


def test_no_input_breaks_an_operation(document):
    operations = [found.ok() for found in document.get_all_operations()]
    assert len(operations) == 9
    for operation in operations:

        @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(case=operation.as_strategy())
        def ask(case: Case) -> None:
            answer = case.call()
            case.validate_response(answer, checks=[not_a_server_error])
            assert answer.status_code < 400 or "application/problem+json" in answer.headers["content-type"][0]

        ask()
