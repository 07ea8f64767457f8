"""The host beside JupyterHub (its process spawner and proxy), with the same apps in the same Python environment.

Both start a server when somebody wants it and lead to it by a proxy. JupyterHub's server runs bare, ours behind every
wall there is. A start is timed from the wish (here the visitor's request, there the call that starts a server) to the
first byte through the proxy. Pages are compared as the share of the direct rate that a proxy leaves: the plain rates
tell nothing, as only our plugin has a limit of processor time.
"""

from __future__ import annotations

import subprocess

from bench import hub
from bench.harness import Row, Way, ratio, rounds, spread
from bench.house import House
from bench.hub import App, Hub
from bench.load import Target, loop, once
from bench.memory import MEGABYTE, held, plugin_held
from bench.stack import CITY, Stack, peers_environment
from registry.config import REPOSITORY

ROUNDS = 7
SECONDS = 1.0
PEER = "JupyterHub"
WHAT = {"bench": "a page of one word", "lapor": "lapor"}


def run(house: House) -> list[Row]:
    names, stack = {app: house.plugin(app) for app in WHAT}, house.stack
    apps = {
        "bench": App(REPOSITORY / "bench" / "hello", "hello:application", peers_environment()),
        "lapor": _lapor(house),
    }
    rows = []
    with hub.running(house.folder, stack.environment(), apps) as peer:
        for app, name in names.items():
            rows += _starts(stack, peer, name, app) + _memory(stack, peer, name, app) + _proxies(stack, peer, name, app)
    return rows


def _starts(stack: Stack, peer: Hub, name: str, app: str) -> list[Row]:
    def ours() -> float:
        stack.sleep(name)
        return once(stack.outside(name))

    def theirs() -> float:
        if app in peer.awake():
            peer.sleep(app)
        return peer.wake(app)

    found = rounds(ROUNDS, ours=ours, theirs=theirs)
    what = f"first byte of {WHAT[app]}, asleep"
    return [
        Row("jupyterhub", what, PEER, ratio(found["ours"], found["theirs"]), 0.1 if app == "lapor" else None),
        Row("jupyterhub", f"{what}: JupyterHub's own", "", spread([one * 1000 for one in found["theirs"]]), unit="ms"),
    ]


def _proxies(stack: Stack, peer: Hub, name: str, app: str) -> list[Row]:
    targets = {
        "edge": stack.outside(name), "socket": stack.inside(name),
        "proxy": peer.outside(app), "server": peer.inside(app),
    }  # fmt: skip
    for target in targets.values():
        loop(target, 0.3)
    found = rounds(ROUNDS, **{way: _rate(target) for way, target in targets.items()})
    ours = [edge / socket for edge, socket in zip(found["edge"], found["socket"], strict=True)]
    theirs = [proxy / server for proxy, server in zip(found["proxy"], found["server"], strict=True)]
    what = f"{WHAT[app]}: share of the direct rate that is left through the proxy"
    return [Row("jupyterhub", what, "JupyterHub's share", ratio(ours, theirs), 1, floor=True)]


def _memory(stack: Stack, peer: Hub, name: str, app: str) -> list[Row]:
    once(peer.outside(app))
    theirs = held([peer.server(app).pid]).private
    ours = plugin_held(stack, name).private
    what = f"private memory of {WHAT[app]}, awake"
    return [
        Row("jupyterhub", what, PEER, ratio([ours], [theirs])),
        Row("jupyterhub", f"{what}: JupyterHub's own", "", spread([theirs / MEGABYTE]), unit="MB"),
    ]


def _rate(target: Target) -> Way:
    return lambda: loop(target, SECONDS).rate


def _lapor(house: House) -> App:
    """lapor as it runs alone, its data migrated."""
    folder = house.folder / "lapor-alone"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    told = {
        **peers_environment(), "DATA_DIR": str(folder), "CONFIG_FILE": str(folder / "config.json"),
        "SECRET_KEY": "bench", "DATABASE_URL": f"sqlite:///{folder}/data.sqlite3", "TENANT_SLUG": CITY,
        "TENANT_NAME": "Kota Bontang",
        "TENANT_TIMEZONE": "Asia/Makassar", "TENANT_LOCALE": "id", "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    bundle = REPOSITORY / "plugins" / "lapor"
    python = house.stack.environment() / "bin" / "python3"
    migrate = "from lapor.migrations import upgrade; upgrade()"
    subprocess.run([python, "-c", migrate], cwd=bundle, env=told, check=True)
    return App(bundle, "lapor:create_app", told)
