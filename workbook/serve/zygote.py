"""The process that kernels are forked from, so that they share the memory of all imports.

Linux only. Before a fork there is no event loop, no zmq socket, no database connection and
no second thread, which makes forking safe; what IPython can prepare without them is
prepared here. One kernel is forked for each request from the server. The zygote never
contains anything about a person.
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
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

from workbook.serve.kernel_main import KERNEL_OPTIONS, disable_debugger, disable_output_pipe
from workbook.serve.terminal import keep_kernel_quiet

KERNEL_PROCESS_NAME = "workbook-kernel"
"""Process name of a forked kernel; Linux keeps 15 bytes."""

KERNEL_STARTED = b"+"
"""What a new kernel writes to the server when it has started; else the name of an error."""

_IMPORTS = (
    # First, so that what every kernel uses is contiguous: half a megabyte less is copied.
    "ipykernel.kernelapp",
    "workbook.app",
    "workbook.serve.state",
    # What a kernel would import while it starts:
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "faulthandler",
    "pdb",
    "psutil",
    "tornado.locks",
    "tornado.platform.asyncio",
    "tornado.queues",
)


class SecondThread(Exception):
    """An import started a thread; a lock that it holds would stay locked in every kernel."""


class _KernelRequest(NamedTuple):
    """What the server sends for a new kernel."""

    connection_file: str
    environ: dict[str, str]
    folder: str
    """Working folder."""


def main() -> None:
    """Import and load everything, then fork a kernel for each request until the server ends.

    Two descriptors are inherited: the socket to the server, and the read end of a pipe
    that reaches end-of-file when the server ends.
    """
    control, lifeline = (int(number) for number in sys.argv[1:])
    os.set_inheritable(lifeline, False)
    with socket.socket(fileno=control) as line:
        line.set_inheritable(False)
        try:
            app = _import_and_load()
        except Exception as error:  # noqa: BLE001 - after any error kernels start as new processes
            _refuse_requests(line, type(error).__name__)
            return
        asked = _fork_on_request(line)
    if asked is not None:
        _run_kernel(app, *asked, lifeline)


def _import_and_load() -> Any:
    """Do everything that needs no socket and is the same for every kernel; return the app."""
    gc.disable()
    os.close(os.pidfd_open(os.getpid()))  # fails here if a sandbox forbids it
    disable_debugger()
    for name in _IMPORTS:
        importlib.import_module(name)
    disable_output_pipe()

    from workbook.content.editions import read_edition  # noqa: PLC0415
    from workbook.content.guidance import (  # noqa: PLC0415 - imported above
        load_guidance,
        load_resources,
    )
    from workbook.content.tables import load_tables  # noqa: PLC0415
    from workbook.content.words import load_words  # noqa: PLC0415

    load_tables()
    load_guidance()
    load_resources()
    load_words(edition=read_edition(os.environ))
    app = _make_application()
    if len(list(Path("/proc/self/task").iterdir())) > 1:
        raise SecondThread
    # Ended kernels are not waited for; the system reaps them.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.freeze()
    return app


def _make_application() -> Any:
    """Return ipykernel's application with its options parsed and its shell created.

    Memory that is written before the fork need not be copied by each kernel after it.
    """
    from ipykernel import ipkernel  # noqa: PLC0415
    from ipykernel.compiler import XCachingCompiler  # noqa: PLC0415
    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415
    from ipykernel.zmqshell import ZMQInteractiveShell  # noqa: PLC0415
    from IPython.core.application import BaseIPythonApplication  # noqa: PLC0415 - no debugger

    class Configured(BaseIPythonApplication):
        """Comes after IPKernelApp in the MRO, so that its initialization runs only once."""

        configured = False

        def initialize(self, argv: list[str] | None = None) -> None:
            if not self.configured:
                super().initialize(argv)
                self.configured = True

    class ForkedKernelApp(IPKernelApp, Configured):
        lifeline = -1

        def init_poller(self) -> None:
            self.poller = _Lifeline(self.lifeline)

        def init_kernel(self) -> None:
            # ipykernel records the file of each module for the debugger, which would copy
            # the memory pages of all modules.
            namespace: Any = vars(ipkernel)
            namespace["sys"] = SimpleNamespace(**{**vars(sys), "modules": {}})
            try:
                super().init_kernel()
            finally:
                namespace["sys"] = sys
            self.kernel.shell.parent = self.kernel.shell.kernel = self.kernel

        # A kernel of the book has no code to run at its start and nothing to plot.
        def init_code(self) -> None:
            pass

        init_extensions = init_gui_pylab = init_pdb = init_code

    app = ForkedKernelApp.instance()
    Configured.initialize(app, list(KERNEL_OPTIONS))
    ZMQInteractiveShell.instance(
        parent=app, profile_dir=app.profile_dir, user_ns={}, compiler_class=XCachingCompiler
    )
    return app


def _fork_on_request(line: socket.socket) -> tuple[_KernelRequest, int] | None:
    """Fork a kernel for each request. In it, return request and pipe; in the zygote, None."""
    while (request := _receive_request(line)) is not None:
        report, started = os.pipe()
        try:
            pid = os.fork()
        except OSError as error:  # no memory or no process left
            os.close(started)
            _send_answer(line, error=type(error).__name__)
        else:
            if pid == 0:
                os.close(report)
                return request, started
            os.close(started)
            _send_kernel(line, pid, report)
        os.close(report)
    return None


def _send_kernel(line: socket.socket, pid: int, report: int) -> None:
    """Hand the server the new process and the pipe it reports to, or say why there is none."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:  # it has ended already, and has written why
        _send_answer(line, error=os.read(report, 64).decode() or "KernelEnded")
    except OSError as error:  # no descriptor left; nobody could end this kernel
        with suppress(ProcessLookupError):  # it may have ended meanwhile
            os.kill(pid, signal.SIGKILL)
        _send_answer(line, error=type(error).__name__)
    else:
        _send_answer(line, handle, report, pid=pid)
        os.close(handle)


def _refuse_requests(line: socket.socket, why: str) -> None:
    """Answer the first request with the reason why no kernel can be forked."""
    if _receive_request(line) is not None:
        _send_answer(line, refused=why)


def _receive_request(line: socket.socket) -> _KernelRequest | None:
    message, received, _, _ = socket.recv_fds(line, 1, 1)
    if not message:
        return None
    with os.fdopen(received[0], encoding="utf-8") as asked:
        return _KernelRequest(*json.load(asked))


def _send_answer(line: socket.socket, *handles: int, **said: Any) -> None:
    socket.send_fds(line, [json.dumps(said).encode()], handles)


def _run_kernel(app: Any, request: _KernelRequest, started: int, lifeline: int) -> None:
    """Run the kernel as ``python -m workbook.serve.kernel_main`` would; return when it ends."""
    import ipywidgets  # noqa: PLC0415 - only after disable_debugger()

    try:
        os.setsid()
        keep_kernel_quiet()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for number in (signal.SIGTERM, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        os.environ.clear()
        os.environ.update(request.environ)
        os.chdir(request.folder)
        Path("/proc/self/comm").write_text(KERNEL_PROCESS_NAME)
        gc.enable()
        app.parent_handle = os.getppid()
        app.lifeline = lifeline
        app.connection_file = request.connection_file
        app.initialize([])
        # ipywidgets does this at import only if a kernel exists.
        ipywidgets.register_comm_target()
    except BaseException as error:  # noqa: BLE001 - the server starts a new process instead
        os.write(started, type(error).__name__.encode())
        os._exit(1)
    os.write(started, KERNEL_STARTED)
    os.close(started)
    app.start()


class _Lifeline(threading.Thread):
    """Ends the kernel when the server ends, not when the zygote does."""

    def __init__(self, end: int) -> None:
        super().__init__(daemon=True)
        self._end = end

    def run(self) -> None:
        os.read(self._end, 1)
        os._exit(1)


if __name__ == "__main__":
    main()
