"""What the tests' gunicorn serves; a client here has seconds where one elsewhere has minutes."""

from __future__ import annotations

import json
import os
from pathlib import Path

from registry.app import create_app
from registry.config import Settings
from registry.forge.serving import patience, rules

told = json.loads(os.environ["SERVED"])
patience.LOOK, rules.STALL, rules.GRACE, rules.FLOOR = 0.2, 2.0, 3.0, 1_000_000
app = create_app(
    Settings(Path(told["data"]), database_url=told["url"], max_push=told["push"], max_upload=2**20, git_packs=4)
)
"""``max_upload``: what bounds forms must not bound pushes (facts 2.2: MAX_CONTENT_LENGTH ends chunked bodies, too)."""
