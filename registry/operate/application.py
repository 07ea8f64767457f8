"""The web application of this machine's installation, for the commands that rooms bring."""

from __future__ import annotations

from flask import Flask
from flask.cli import ScriptInfo

from registry.app import create_app
from registry.operate.parts import local_settings


def script() -> ScriptInfo:
    """What Flask's `with_appcontext` asks for the application, wherever the command is called."""
    return ScriptInfo(create_app=_local)


def _local() -> Flask:
    return create_app(local_settings())
