"""Which plugins the demo knows, and which city runs which."""

from __future__ import annotations

import pytest

from registry.config import REPOSITORY
from registry.operate import demo_plugins

CITIES = ("bandung", "bontang")
KNOWN = ("lapor", "antrian", "anggaran")


def test_a_new_folder_is_a_new_plugin(tmp_path):
    for name in ("spbe", "antrian", "anggaran", "lapor", "draft"):
        (tmp_path / "plugins" / name).mkdir(parents=True)
        if name != "draft":
            (tmp_path / "plugins" / name / "publiccode.yml").touch()
    assert demo_plugins.names(tmp_path) == ("lapor", "antrian", "anggaran", "spbe")


def test_the_products_own_plugins_are_known():
    assert demo_plugins.names(REPOSITORY)[:2] == ("lapor", "antrian")


def test_bandung_runs_its_first_two_and_bontang_all(tmp_path):
    assert demo_plugins.wanted(" ", CITIES, KNOWN) == {"bandung": ("lapor", "antrian"), "bontang": KNOWN}


def test_who_is_not_named_runs_nothing():
    assert demo_plugins.wanted("bandung:lapor,antrian", CITIES, KNOWN) == {"bandung": ("lapor", "antrian")}
    assert demo_plugins.wanted("bandung: bontang:anggaran", CITIES, KNOWN) == {"bandung": (), "bontang": ("anggaran",)}


@pytest.mark.parametrize("text", ["bogor:lapor", "bandung:laporan", "lapor,antrian", "bandung:lapor;x", ":"])
def test_what_cannot_be_meant_is_said(text):
    with pytest.raises(ValueError, match="LUMBUNG_DEMO_RUN"):
        demo_plugins.wanted(text, CITIES, KNOWN)
