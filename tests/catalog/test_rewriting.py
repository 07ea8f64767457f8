"""A fork's publiccode.yml differs from its upstream's where it must, and nowhere else."""

from __future__ import annotations

import pytest
from ruamel.yaml import YAML

from registry.catalog.publiccode.rewriting import rewrite

TEXT = """\
# Our app.
publiccodeYmlVersion: "0.7"
url: https://old.example/a.git   # where it lives
organisation:
  uri: urn:x-kemendagri:32.73
  name: "Kota: Bandung"

# Who keeps it.
maintenance:
  type: internal
  contacts:
    - name: Somebody
    # a note
description:
  id:
    longDescription: |
      url: not a key

      maintenance: neither
"""

CHANGES = {
    "url": "https://new.example/b/a.git",
    "isBasedOn": "https://new.example/a.git",
    "organisation": {"uri": "urn:x-kemendagri:64.74", "name": 'Kota "Bontang"'},
    "maintenance": {"type": "internal", "contacts": [{"name": "Diskominfo Kota Bontang"}]},
}


def values(text: str) -> dict[str, object]:
    return dict(YAML(typ="safe").load(text))


@pytest.mark.parametrize("text", [TEXT, TEXT + "logo: a.svg", TEXT.replace("type: internal", "type: &kind internal")])
def test_the_named_keys_change_and_no_other(text: str) -> None:
    assert values(rewrite(text, CHANGES)) == {**values(text), **CHANGES}


def test_everything_else_stays_to_the_letter() -> None:
    written = rewrite(TEXT, CHANGES)
    for kept in ("# Our app.\n", "\n\n# Who keeps it.\nmaintenance:", TEXT[TEXT.index("description:") :]):
        assert kept in written
    assert written.index("isBasedOn") < written.index("organisation")


def test_forking_a_fork_keeps_one_origin() -> None:
    assert rewrite(rewrite(TEXT, CHANGES), CHANGES).count("isBasedOn") == 1
