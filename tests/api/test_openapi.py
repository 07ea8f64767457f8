"""The API as its own document tells it: well-formed, and no input breaks it."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error

from registry.accounts import service as accounts
from registry.core.uow import unit_of_work
from tests.hosting.conftest import bundle, world  # noqa: F401 fixtures

EXAMPLES = 8


@pytest.fixture
def bearer(app, world) -> dict[str, str]:  # noqa: F811
    with app.app_context(), unit_of_work():
        _token, text = accounts.create_token(accounts.find_by_email("admin@bontang.example"), "fuzz")
    return {"Authorization": f"Bearer {text}"}


def test_no_input_breaks_an_operation(app, bearer):
    document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    operations = [found.ok() for found in document.get_all_operations()]
    assert len(operations) > 20
    for operation in operations:

        @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(case=operation.as_strategy())
        def ask(case: Case) -> None:
            answer = case.call(headers=bearer)
            case.validate_response(answer, checks=[not_a_server_error])
            assert answer.status_code < 400 or "application/problem+json" in answer.headers["content-type"][0]

        ask()


def test_the_document_is_there_with_its_page(client):
    document = client.get("/api/v1/openapi.json").json
    assert document["openapi"].startswith("3.1") and "/api/v1/deployments" in document["paths"]
    assert 'data-document="/api/v1/openapi.json"' in client.get("/api-docs").text
