"""The worker's part of the pages of repositories."""

from __future__ import annotations

from registry.core import jobs
from registry.forge.browsing import waiting


@jobs.queue.task(name=waiting.TASK)
def make_archive(app: str, city: str, commit_id: str, kind: str) -> None:
    """Of the app's upstream where ``city`` is "". Safe to run again."""
    if jobs.application is None:
        raise RuntimeError("tasks run in the worker only")
    with jobs.application.app_context():
        waiting.make(app, city, commit_id, kind)
