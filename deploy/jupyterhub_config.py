"""A JupyterHub for couples on one computer; docs/hub.md says how to run it.

Settings come from the environment:

    ATTUNE_PUBLIC_URL   where browsers find the hub, such as https://hub.example.org/
    ATTUNE_FOLDER       folder of accounts and books, on an encrypted disk
    ATTUNE_COUPLES      names of the accounts, with spaces between
    ATTUNE_LEADER       name of the leader's account, which adds and stops; it has no book
    ATTUNE_PORT         port of the hub's proxy on this computer; what ends TLS leads there
    ATTUNE_IDLE_S       seconds without a page after which a book is put to rest

tests/browser/test_hub.py runs exactly this file.
"""

import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821 - JupyterHub gives it

folder = Path(os.environ["ATTUNE_FOLDER"])
couples = set(os.environ.get("ATTUNE_COUPLES", "").split())
leader = os.environ.get("ATTUNE_LEADER", "leader")
idle_s = int(os.environ.get("ATTUNE_IDLE_S", "3600"))

# The book checks Host and Origin of each request against this address.
c.JupyterHub.public_url = os.environ["ATTUNE_PUBLIC_URL"]
c.JupyterHub.bind_url = f"http://127.0.0.1:{os.environ.get('ATTUNE_PORT', '8000')}/"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{os.environ.get('ATTUNE_HUB_PORT', '8081')}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{os.environ.get('ATTUNE_API_PORT', '8001')}"
c.JupyterHub.db_url = f"sqlite:///{folder / 'jupyterhub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(folder / "cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(folder / "proxy.pid")

# Accounts: only those named here, or added by the leader. A password is chosen at the first
# sign-in: be there when a couple does that, before anybody else can.
c.JupyterHub.authenticator_class = "firstuseauthenticator.FirstUseAuthenticator"
c.FirstUseAuthenticator.create_users = False
c.FirstUseAuthenticator.min_password_length = 12
c.FirstUseAuthenticator.dbm_path = str(folder / "passwords.dbm")
c.Authenticator.allowed_users = couples
c.Authenticator.allow_existing_users = True
c.Authenticator.admin_users = {leader}

# One server and one folder for each couple. All run as the user of the hub here; in containers,
# as in values.yaml, each has a file system of its own.
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(folder / "books" / "{username}")
c.Spawner.cmd = [sys.executable, "-m", "workbook", "hub"]
c.Spawner.http_timeout = 120
# Who opens their address has their book started, without a press.
c.JupyterHub.implicit_spawn_seconds = 1
c.Spawner.default_url = "/"
c.Spawner.disable_user_config = True
# An evening ends at four in the morning by the clock of this computer.
c.Spawner.env_keep = ["PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "PYTHONPATH"]

# Servers go on while the hub restarts; so does an evening.
c.JupyterHub.cleanup_servers = False

# The leader adds and removes accounts, and starts and stops servers. No admin may open one.
c.JupyterHub.load_roles = [
    {
        "name": "idle-culler",
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
        "services": ["idle-culler"],
    }
]
c.JupyterHub.services = [
    {
        "name": "idle-culler",
        "command": [
            sys.executable,
            "-m",
            "jupyterhub_idle_culler",
            f"--timeout={idle_s}",
            f"--cull-every={max(5, idle_s // 10)}",
        ],
    }
]
