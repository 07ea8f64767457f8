"""The bundle as a repository of its own: metadata, settings, languages."""

from typing import ClassVar

import pytest
from antrian.messages import SENTENCES
from antrian.models import Refusal
from antrian.settings import Settings
from lumbung_plugin.contract import BundleContract


class TestBundle(BundleContract):
    figures: ClassVar[frozenset[str]] = frozenset({"antrian.menunggu"})
    heavy: ClassVar[tuple[str, ...]] = ("PIL", "fpdf", "holidays")
    """A ticket shows its address as a QR code, drawn by segno."""


@pytest.fixture(autouse=True)
def monday() -> None:
    """It is today: a demonstration is one of now."""


def test_every_refusal_has_a_sentence() -> None:
    assert set(SENTENCES) == set(Refusal)


def test_defaults_in_the_schema_are_the_defaults_in_the_code(bundle) -> None:
    properties = bundle.schema["properties"]
    declared = {name: rule["default"] for name, rule in properties.items() if name not in ("title", "holidays")}
    assert declared == {name: getattr(Settings(), name) for name in declared}
