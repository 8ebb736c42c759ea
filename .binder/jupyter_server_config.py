"""For Binder, which was not tried: the made-up couple's book at ``?urlpath=demo/``."""

import sys

c = get_config()  # noqa: F821 - Jupyter defines it

c.ServerProxy.servers = {
    "demo": {
        "command": [
            *(sys.executable, "-m", "workbook", "proxied", "--demo"),
            *("--socket", "{unix_socket}", "--prefix", "{base_url}demo/"),
        ],
        "unix_socket": True,
        "timeout": 90,
        "launcher_entry": {"title": "Attune, a made-up couple", "category": "Other"},
    }
}
