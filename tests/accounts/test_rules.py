import pytest

from registry.accounts import rules


@pytest.mark.parametrize("path", ["/", "/console/bontang/", "/account?lang=en", "/enter/bontang/lapor?next=/kerja"])
def test_a_local_path_is_kept(path):
    assert rules.local_path(path) == path


@pytest.mark.parametrize(
    "path",
    ["", None, "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
     "/a\r\nSet-Cookie: x=1", "/\t/evil.example", "console", "/" + "a" * 2001],
)  # fmt: skip
def test_any_other_address_is_replaced_by_the_default(path):
    assert rules.local_path(path, default="/console/") == "/console/"


def test_a_password_is_judged_by_its_length_not_its_signs():
    assert rules.password_problem("padi menguning", "a@b.example") is None
    assert rules.password_problem("P4d!", "a@b.example") == "too-short"
    assert rules.password_problem("x" * 257, "a@b.example") == "too-long"
    assert rules.password_problem("Admin@Bontang.example", "admin@bontang.example") == "is-email"
