"""Scans of the signed paper, brought by either side and kept beside the handover."""

from __future__ import annotations

from typing import IO

from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from registry.core import audit
from registry.core.db import db
from registry.core.errors import ConflictError, NotFoundError
from registry.tenants.documents import files
from registry.tenants.handovers.models import Handover, HandoverScan

MAX_SCANS = 6


def of_handover(handover: Handover) -> list[HandoverScan]:
    """Oldest first."""
    mine = (HandoverScan.tenant_id == handover.tenant_id, HandoverScan.handover_id == handover.id)
    return list(db.session.scalars(select(HandoverScan).where(*mine).order_by(HandoverScan.id)))


def add(handover: Handover, side: str, name: str, stream: IO[bytes]) -> HandoverScan:
    """Keep a scan. Raises InvalidError or TooLargeError (`files.keep`), ConflictError when there are enough."""
    if len(of_handover(handover)) >= MAX_SCANS:
        raise ConflictError(_("A handover keeps at most %(n)d scans.", n=MAX_SCANS))
    kept = files.keep(handover.city, name, stream, field="scan")
    scan = HandoverScan(
        tenant_id=handover.tenant_id, handover_id=handover.id, side=side, digest=kept.digest, size=kept.size,
        media=kept.kind, name=kept.name, added_by=audit.actor().name,
    )  # fmt: skip
    db.session.add(scan)
    db.session.flush()
    audit.record("handover.scan", f"{handover.number} · {handover.app}", handover.tenant_id, digest=kept.digest)
    return scan


def send(handover: Handover, scan_id: int) -> Response:
    """The scan as a download that no browser opens as anything else. Raises NotFoundError."""
    scan = next((one for one in of_handover(handover) if one.id == scan_id), None)
    if scan is None:
        raise NotFoundError(_("There is no such scan."))
    return files.attached(handover.city, scan.digest, scan.media, scan.name)


def download(content: bytes, name: str) -> Response:
    """A document that was drawn just now."""
    answer = Response(content, content_type=files.PDF)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
