"""A guard with a hole: the launcher finds it, and the book stays closed."""

from __future__ import annotations

import pytest

from tests.marks import long_after
from tests.serve.running import running, start

FILTER = """
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from workbook.serve.frames import FilteredConnection
FilteredConnection.handle_incoming_message = ZMQChannelsWebsocketConnection.handle_incoming_message
"""
ANY_HOST = """
class All:
    def __contains__(self, host): return True
    def get(self, host, _none): return {f"http://{host}"}
settings = launcher.Launcher.init_settings
launcher.Launcher.init_settings = lambda self: settings(self) | {"attune_origins": All()}
"""
ONE_ROUTE_WITHOUT_THE_GUARD = """
from tornado.web import StaticFileHandler
handlers = launcher.Launcher.init_handlers
def bare(self):
    return [
        (path, StaticFileHandler, {"path": "."})
        if path.startswith("/static/") else (path, handler, how)
        for path, handler, how in handlers(self)
    ]
launcher.Launcher.init_handlers = bare
"""
ANY_ORIGIN = """
launcher.guard.is_same_origin = lambda handler: True
launcher.guard.ChannelsHandler.check_origin = lambda self, origin: True
"""
ANYBODYS_PAGE = """
from voila.tornado.handler import TornadoVoilaHandler
launcher.guard.PageHandler.prepare = TornadoVoilaHandler.prepare
"""
ANYBODYS_KERNEL = """
launcher.guard._require_owner = lambda handler: None
secured = launcher.guard.secured
launcher.guard.secured = lambda handler, *, unpaired: secured(handler, unpaired=True)
"""
MASSAGE_FOR_ANYBODY = """
secured = launcher.guard.secured
launcher.guard.secured = lambda handler, *, unpaired: secured(
    handler, unpaired=unpaired or handler is launcher.guard.MassageHandler
)
"""
ANY_MESSAGE = """
settings = launcher.Launcher.init_settings
def without_a_list(self):
    made = settings(self)
    self.kernel_manager.allowed_message_types = []
    return made
launcher.Launcher.init_settings = without_a_list
"""
PLAIN_SOCKETS = """
config = launcher.build_config
def plain(*book, **how):
    made = config(*book, **how)
    made.KernelManager.transport_encryption = "disabled"
    return made
launcher.build_config = plain
"""
OPEN_FOLDER = """
from contextlib import contextmanager
run_folder = launcher.run_folder
@contextmanager
def open_to_all():
    with run_folder() as folder:
        folder.chmod(0o755)
        yield folder
launcher.run_folder = open_to_all
"""


HOLES = {
    "filter": (FILTER, "a message that runs code"),
    "page": (ANYBODYS_PAGE, "a browser that was never let in"),
    "host": (ANY_HOST, "a page that another name led here"),
    "one route": (ONE_ROUTE_WITHOUT_THE_GUARD, "a page that another name led here"),
    "origin": (ANY_ORIGIN, "a page that came from elsewhere"),
    "kernel": (ANYBODYS_KERNEL, "a browser that was never let in"),
    "massage": (MASSAGE_FOR_ANYBODY, "a browser that was never let in"),
    "types": (ANY_MESSAGE, "messages of any type"),
    "sockets": (PLAIN_SOCKETS, "somebody who listens in on a kernel"),
    "folder": (OPEN_FOLDER, "other users of this computer"),
}


@pytest.mark.parametrize("name", long_after(1, HOLES))
def test_a_book_whose_guard_has_a_hole_does_not_open(tmp_path, name):
    hole, what = HOLES[name]
    with start(tmp_path, hole) as server:
        try:
            said, complained = server.communicate(timeout=120)
        finally:
            if server.poll() is None:  # it opened after all
                server.terminate()

    assert server.returncode == 1
    assert said == ""
    # A kernel without encryption has something to say as well.
    assert f"The book stays closed: its guard let through {what}.\n" in complained


def test_the_check_leaves_nothing_behind(tmp_path):
    told = """
from workbook.serve import selfcheck
check = selfcheck.attack_server
async def look_afterwards(app, **where):
    before = app.settings["attune_devices"].list_devices()
    await check(app, **where)
    kernels = app.settings["kernel_manager"]
    print(kernels.owner_of(where["kernel_id"]), kernels.owned_count,
          app.settings["attune_devices"].list_devices() == before, where["kernel_id"],
          file=open(data / "after", "w"))
selfcheck.attack_server = look_afterwards
"""
    with running(tmp_path, told) as server:
        *after, blank = (tmp_path / "after").read_text().split()
        first = server.open_page()

    assert after == ["None", "0", "True"]
    assert first == blank  # it goes to the first visitor


@pytest.mark.long
def test_a_computer_that_is_slow_is_not_called_attacked(tmp_path):
    slow = "from workbook.serve import selfcheck; selfcheck.PROBES_TIMEOUT_S = 0.0001"

    with start(tmp_path, slow) as server:
        said, complained = server.communicate(timeout=120)

    assert server.returncode == 2
    assert said == ""
    assert "slow" in complained
    assert "guard" not in complained
    assert "Traceback" not in complained
