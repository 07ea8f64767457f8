"""Bontang took Lapor over from Bandung."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from registry.core import scope
from registry.core.uow import unit_of_work
from registry.tenants.handovers import service
from registry.tenants.service import find_city

DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def delivery(app: str = "lapor", publisher: str = "bandung") -> service.Delivery:
    return service.Delivery(
        find_city(publisher), app, app.title(), "1.4.0", "5f3c" * 10, DIGEST, 1_234_567, "AGPL-3.0-or-later"
    )


@pytest.fixture
def handed(app: Flask, world: None) -> Callable[..., int]:
    """Note a handover to Bontang; answers with its id."""

    def made(name: str = "lapor", on: date | None = None) -> int:
        with app.app_context(), unit_of_work():
            city = find_city("bontang")
            scope.enter_city(city.id)
            noted = service.record(city, delivery(name), on)
            assert noted is not None
            return noted.id

    return made
