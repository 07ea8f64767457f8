"""What a city's code may be. Pure: a value in, a refusal or None out."""

from __future__ import annotations

import re

from registry.tenants.provinces import PROVINCES

CITY_CODE = re.compile(r"[1-9]\d\.\d\d")
"""Kemendagri: province and kabupaten/kota, ``64.74``. BPS codes look alike without the dot and are never used."""

BPS_CODE = re.compile(r"[1-9]\d{3}")


def code_problem(code: str) -> str | None:
    """Why a city's code is refused. Four digits without a dot are BPS's numbering, which differs in many places."""
    if BPS_CODE.fullmatch(code):
        return "bps"
    if not CITY_CODE.fullmatch(code):
        return "format"
    return None if code[:2] in PROVINCES else "no-province"
