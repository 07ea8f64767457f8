"""What is said of a bundle's own tests, in the visitor's language. Always as their own word, never as ours."""

from __future__ import annotations

from flask_babel import gettext as _

from registry.catalog.trust.proved import Result
from registry.hosting.plain import ProvingState

TONES = {"passed": "ok", "failed": "bad", "broken": "warn", "wanted": "info", "running": "info"}


def sentence(result: Result) -> str:
    """How they went, or how far they are."""
    figures = {"passed": result.passed, "bad": result.failed + result.errors, "seconds": round(result.seconds)}
    return {
        ProvingState.WANTED: _("They wait to be run: what they need is being prepared."),
        ProvingState.RUNNING: _("They run in the sandbox now."),
        ProvingState.PASSED: _("Its own tests say: %(passed)s passed in %(seconds)s s, none failed.", **figures)
        + _skipped(result),
        ProvingState.FAILED: _("Its own tests say: %(bad)s failed, %(passed)s passed.", **figures) + _skipped(result),
        ProvingState.BROKEN: unproved(result.reason, result.detail),
    }[result.state]


def never() -> str:
    return _("Nobody has run this release's own tests in the sandbox.")


def tone(result: Result) -> str:
    """Of its chip."""
    return TONES[result.state]


def state(result: Result) -> str:
    """In a word or two."""
    return {
        ProvingState.WANTED: _("waiting"),
        ProvingState.RUNNING: _("running"),
        ProvingState.PASSED: _("passed"),
        ProvingState.FAILED: _("failed"),
        ProvingState.BROKEN: _("could not be run"),
    }[result.state]


def unproved(reason: str, detail: str) -> str:
    """Why they say neither yes nor no: the codes of `registry.host.proved` and of `registry.hosting.proving`."""
    said = {
        "slow": _("Its own tests did not end within %(detail)s seconds and were stopped.", detail=detail),
        "memory": _("Its own tests took more memory than they may."),
        "disk": _("Its own tests wrote more than the %(detail)s MB they may.", detail=detail),
        "cut": _("Its own tests ended before pytest had come to its end: something in them ends the process."),
        "silent": _("Nothing is known of its own tests: their sandbox ended without a word."),
        "usage": _("pytest could not begin: look at the log for what its settings or a conftest.py did."),
        "none": _("pytest found no test in it."),
        "skipped": _("All of its own tests were skipped."),
        "build": _("What its tests need could not be prepared: %(detail)s", detail=detail),
        "source": _("What was to be tested is not kept any more: look it over again."),
        "host": _("The host was stopped again and again while they ran."),
    }
    return said.get(reason) or _("The sandbox for its own tests could not be started: %(detail)s", detail=detail)


def _skipped(result: Result) -> str:
    return " " + _("Skipped: %(n)s.", n=result.skipped) if result.skipped else ""
