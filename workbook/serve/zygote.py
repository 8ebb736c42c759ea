"""The process that kernels are forked from, so that they share what all of them import.

Linux only, and it only imports: there is no event loop, no socket of zmq, no database
connection and no second thread before a fork, which is what makes a fork safe.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import Any, NamedTuple

KERNEL = "workbook-kernel"
"""The name of a forked kernel in a list of processes; Linux keeps 15 bytes of it."""

_IMPORTS = (
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "workbook.book",
)

class SecondThread(Exception):
    """An import started a thread; a lock that it held would stay locked in every kernel."""


class _Request(NamedTuple):
    """What a new kernel is to be."""

    arguments: list[str]
    """Its command line after the name of the module."""
    environ: dict[str, str]
    folder: str
    """Where it works."""


def main() -> None:
    """Import, then fork a kernel for each request, until the server is gone.

    Two descriptors are inherited: the line to the server, and the end of a pipe on
    which nothing ever comes but its end, when the server has ended.
    """
    control, lifeline = (int(number) for number in sys.argv[1:])
    os.set_inheritable(lifeline, False)  # noqa: FBT003 - not to what a kernel starts
    with socket.socket(fileno=control) as line:
        line.set_inheritable(False)
        request = _serve(line)
    if request is not None:
        _be_kernel(request, lifeline)


def _serve(line: socket.socket) -> _Request | None:
    """Return in each new kernel its request, and here None at the end."""
    refused = _prepare()
    while True:
        message, received, _, _ = socket.recv_fds(line, 1, 1)
        if not message:
            return None
        with open(received[0], encoding="utf-8") as asked:
            request = _Request(*json.load(asked))
        if refused:
            _answer(line, refused=refused)
            return None
        try:
            pid = os.fork()
            if pid == 0:
                return request
            handle = os.pidfd_open(pid)
        except OSError as error:  # no memory, no descriptor, or it has ended already
            _answer(line, error=type(error).__name__)
            continue
        _answer(line, handle, pid=pid)
        os.close(handle)


def _prepare() -> str:
    """Import what kernels need; returns why nothing can be forked, or an empty string."""
    gc.disable()
    # ipykernel imports debugpy when it is there: 170 modules nobody uses here.
    sys.modules["debugpy"] = None  # type: ignore[assignment]
    try:
        os.close(os.pidfd_open(os.getpid()))  # a sandbox may forbid it
        for name in _IMPORTS:
            importlib.import_module(name)
        if len(os.listdir("/proc/self/task")) > 1:
            raise SecondThread
    except Exception as error:  # noqa: BLE001 - whatever it was, kernels start without us
        return type(error).__name__
    # Nobody waits for a kernel that has ended: the system takes it away.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
    return ""


def _answer(line: socket.socket, *handles: int, **said: Any) -> None:
    socket.send_fds(line, [json.dumps(said).encode()], handles)


def _be_kernel(request: _Request, lifeline: int) -> None:
    """Become what ``python -m workbook.serve.kernel`` would be, and return when it ends."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(request.environ)
    os.chdir(request.folder)
    Path("/proc/self/comm").write_text(KERNEL)
    gc.enable()

    from ipykernel.kernelapp import IPKernelApp

    class ForkedKernelApp(IPKernelApp):
        def init_poller(self) -> None:
            self.poller = _Lifeline(lifeline)

    app = ForkedKernelApp.instance(parent_handle=os.getppid())
    app.initialize(request.arguments)
    app.start()


class _Lifeline(threading.Thread):
    """Ends the kernel when the server has ended, and lets it outlive the zygote."""

    def __init__(self, end: int) -> None:
        super().__init__(daemon=True)
        self._end = end

    def run(self) -> None:
        os.read(self._end, 1)
        os._exit(1)


if __name__ == "__main__":
    main()
