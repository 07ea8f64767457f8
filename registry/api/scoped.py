"""In the OpenAPI document each operation says which scopes of a token will do (OpenAPI 3.1: as roles of the scheme)."""

from __future__ import annotations

from typing import Any

from apispec import BasePlugin
from werkzeug.routing import Rule

from registry.accounts.scopes import EVERYTHING, needed


class Scoped(BasePlugin):
    """Any one of the alternatives opens the door. Where nothing is needed the document's own default stays."""

    def operation_helper(
        self, path: str | None = None, operations: dict[str, Any] | None = None, rule: Rule | None = None, **_more: Any
    ) -> None:
        if rule is None or not operations:
            return
        for method, operation in operations.items():
            wanted = needed(rule.endpoint, method.upper())
            if wanted and "security" not in operation:
                alternatives = dict.fromkeys([*wanted, EVERYTHING])
                operation["security"] = [{"bearer": [scope]} for scope in alternatives]
