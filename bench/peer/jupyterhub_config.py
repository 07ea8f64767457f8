"""JupyterHub for one machine: its process spawner, its own proxy, a token for whoever measures."""

import json
import os
from pathlib import Path

c = get_config()  # noqa: F821 given by JupyterHub
told = json.loads(Path(os.environ["PEER_SETTINGS"]).read_text())

c.JupyterHub.bind_url = f"http://127.0.0.1:{told['port']}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{told['hub_port']}"
c.JupyterHub.db_url = f"sqlite:///{told['folder']}/hub.sqlite"
c.JupyterHub.cookie_secret_file = f"{told['folder']}/cookie"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{told['api_port']}"
c.ConfigurableHTTPProxy.command = told["proxy"]
c.ConfigurableHTTPProxy.pid_file = f"{told['folder']}/proxy.pid"
c.JupyterHub.log_level = "WARN"
c.JupyterHub.spawner_class = "simple"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.services = [{"name": "bench", "api_token": told["token"]}]
c.JupyterHub.load_roles = [
    {"name": "bench", "services": ["bench"], "scopes": ["admin:users", "admin:servers", "access:servers"]}
]
c.SimpleLocalProcessSpawner.home_dir_template = told["folder"] + "/home/{username}"
c.Spawner.notebook_dir = ""


def choose(spawner):
    """Each user is one app."""
    app = told["apps"][spawner.user.name]
    spawner.cmd = app["command"]
    spawner.args = []
    spawner.environment = app["environment"]


c.Spawner.pre_spawn_hook = choose
