"""Other plugins of the same city: `[connect] uses = ["simtaru:zoning.read"]`, and the admin's consent."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from lumbung_plugin import outside
from lumbung_plugin.outside import Reply, SiblingAway


def ask(
    app: str,
    capability: str,
    path: str = "",
    params: Mapping[str, Any] | None = None,
    *,
    method: str = "GET",
    data: Any = None,
    seconds: float = outside.SECONDS,
) -> Reply:
    """Ask a sibling for what it provides; `data` is sent as JSON. A sleeping sibling is woken and may take a second.

    What the sibling answers comes back whatever its status. Raises NotGranted, SiblingAway (also when the plugin runs
    alone: there are no siblings), QuotaUsed, Refused, OutsideError; each has `words` to show to citizens.
    """
    target = f"/siblings/{quote(app, safe='')}/{quote(capability, safe='')}"
    if path.strip("/"):
        target += "/" + quote(path.strip("/"), safe="/")
    if params:
        target += "?" + urlencode(params, doseq=True)
    headers = {"Accept": "application/json"}
    body = None
    if data is not None:
        headers["Content-Type"], body = "application/json", json.dumps(data).encode()
    try:
        reply = outside.ask(method, target, body, headers, seconds)
    except outside.Alone as error:
        raise SiblingAway(f"{app} is not there: the plugin runs alone", "alone") from error
    if outside.is_ours(reply):
        raise outside.refusal(reply)
    return reply
