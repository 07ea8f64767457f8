import pytest

from registry.tenants.joining import rules


@pytest.mark.parametrize(
    ("code", "problem"),
    [("64.74", None), ("6474", "bps"), ("64.7", "format"), ("64,74", "format"), ("04.74", "format"),
     ("99.01", "no-province"), ("", "format"), ("64.74 ", "format"), ("64.٧٤", "format")],
)  # fmt: skip
def test_a_citys_code_is_kemendagris(code, problem):
    assert rules.code_problem(code) == problem
